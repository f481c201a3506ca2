import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake log`.
struct LakeLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List commits, newest first.",
        discussion: """
            With paths only commits that changed something there are listed.

              martlet lake log --oneline -n 10
              martlet lake log v1 -- data/labels
            """
    )

    @Argument(help: ArgumentHelp("Where to begin: a branch, tag or commit; HEAD without.", valueName: "ref"))
    var ref: String?

    @Argument(parsing: .postTerminator, help: ArgumentHelp("Only commits that changed these.", valueName: "path"))
    var paths: [String] = []

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("Most commits listed.", valueName: "count"))
    var limit: Int?

    @Flag(help: "A line for each commit.")
    var oneline = false

    @Flag(help: "Leave out what came by merges.")
    var firstParent = false

    @Flag(help: "Begin at all branches.")
    var all = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        var starts: [ObjectID] = []
        if all { starts = try session.lake.refs.branches().map(\.commit) }
        if let ref {
            starts.append(try session.tree.resolve(ref))
        } else if !all, let base = try session.tree.position().state.base {
            starts.append(base)
        }
        var keys: [LakePath] = []
        for path in paths { keys.append(LakePath(trusted: try session.key(path))) }
        var log = CommitHistory(objects: session.lake.objects).log(
            from: starts,
            limit: limit,
            firstParent: firstParent,
            paths: keys.filter { !$0.bytes.isEmpty }
        )
        let names = try CommitNames(session)
        let style = Style.standardOutput
        var list: [JSONValue] = []
        var isFirst = true
        while let commit = try log.next() {
            if options.json {
                list.append(LakeCommitText.json(commit.id, commit.record, names))
            } else if oneline {
                Output.result(LakeCommitText.line(commit.id, commit.record, names, style))
            } else {
                let lines = LakeCommitText.lines(commit.id, commit.record, names, style)
                Output.result(((isFirst ? [] : [""]) + lines).joined(separator: "\n"))
            }
            isFirst = false
        }
        if options.json { return Output.result(JSONValue.array(list).jsonText) }
        if isFirst { Output.talk(starts.isEmpty ? "no commits yet" : "no such commits") }
    }
}
