import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake diff`.
struct LakeDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "List the files that differ between two commits.",
        discussion: """
            A..B compares B with A; A...B with what B and A both come from. Without B
            the staged files are compared, without A with HEAD. Costs what differs,
            however large the lake is.

              martlet lake diff                      what is staged
              martlet lake diff v1..main -- data     what came since, below data
              martlet lake diff main...run/x --stat
            """
    )

    @Argument(help: ArgumentHelp("What to compare.", valueName: "A[..B]"))
    var range: String?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("Only files in or below this.", valueName: "prefix"))
    var prefix: [String] = []

    @Flag(help: "Sum up by folder.")
    var stat = false

    @Flag(help: "End with exit code 1 when they differ.")
    var exitCode = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let (from, to) = try sides(session)
        var summary = LakeDiffSummary()
        let text = LakeDiffText(style: .standardOutput)
        var list: [JSONValue] = []
        for key in prefix.isEmpty ? [[]] : try session.keys(prefix) {
            var difference = TreeDiff(from: from, to: to, objects: session.lake.objects, within: key)
            while let change = try difference.next() {
                summary.add(change)
                if options.json {
                    list.append(LakeDiffText.json(change))
                } else if !stat {
                    Output.result(text.line(change))
                }
            }
        }
        if options.json {
            Output.result(
                JSONValue.object(["changes": .array(list), "summary": summary.json]).jsonText
            )
        } else if summary.isEmpty {
            Output.talk("no difference")
        } else {
            if stat { Output.result(text.folders(summary).joined(separator: "\n")) }
            Output.result((stat ? "" : "\n") + text.total(summary))
        }
        if exitCode, !summary.isEmpty { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    /// The trees to compare.
    private func sides(_ session: LakeSession) throws -> (ObjectID, ObjectID) {
        let tree = session.tree
        let position = try tree.position()
        guard let range else { return (position.baseRoot, position.stagedRoot) }
        for (sign, isFromBase) in [("...", true), ("..", false)] {
            guard let place = range.firstRange(of: sign) else { continue }
            let left = range[..<place.lowerBound]
            let right = range[place.upperBound...]
            var from = try tree.resolve(left.isEmpty ? "HEAD" : String(left))
            let to = try tree.resolve(right.isEmpty ? "HEAD" : String(right))
            if isFromBase {
                guard let base = try CommitHistory(objects: session.lake.objects).mergeBase(from, to) else {
                    throw MartletError(
                        .ancestorMissing,
                        "\(left) and \(right) have no commit in common",
                        remedy: "compare them as they are: \(left)..\(right)"
                    )
                }
                from = base
            }
            return (try tree.record(of: from).root, try tree.record(of: to).root)
        }
        return (try tree.record(of: tree.resolve(range)).root, position.stagedRoot)
    }
}
