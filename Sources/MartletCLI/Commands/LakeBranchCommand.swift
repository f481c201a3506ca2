import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore
import MartletRuntime

/// `martlet lake branch`.
struct LakeBranchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "branch",
        abstract: "List, make, remove and protect branches.",
        discussion: """
            A new branch begins at START, or at HEAD. It costs nothing and moves no
            files; go to it with `martlet lake checkout`. A protected branch changes by
            merges only.

              martlet lake branch
              martlet lake branch experiment main~1
              martlet lake branch main --protect
            """
    )

    @Argument(help: "A branch.")
    var name: String?

    @Argument(help: ArgumentHelp("Where it begins.", valueName: "ref"))
    var start: String?

    @Flag(name: [.customShort("d"), .long], help: "Remove the branch.")
    var delete = false

    @Flag(help: "Remove it even when commits are lost with it.")
    var force = false

    @Flag(help: "Let the branch change by merges only.")
    var protect = false

    @Flag(help: "Lift the protection.")
    var unprotect = false

    @Flag(name: .shortAndLong, help: "List branches of runs and of remotes too.")
    var all = false

    @OptionGroup var options: LakeOptions

    func validate() throws {
        let actions = [delete, protect, unprotect].filter(\.self).count
        if actions > 1 { throw ValidationError("--delete, --protect and --unprotect exclude each other") }
        if actions == 1, name == nil { throw ValidationError("which branch?") }
        if actions == 1, start != nil { throw ValidationError("START is for a new branch") }
    }

    func run() throws {
        let session = try options.open()
        guard let name else { return try list(session) }
        let branch = try session.branch(name)
        if delete {
            try session.tree.deleteBranch(branch, isForced: force, by: session.author)
            return done("removed", branch)
        }
        if protect || unprotect {
            try session.tree.protect(branch, protect)
            return done(protect ? "protected" : "unprotected", branch)
        }
        let commit = try session.tree.resolve(start ?? "HEAD")
        try session.tree.makeBranch(branch, at: commit, by: session.author)
        if options.json {
            return Output.result(
                JSONValue.object(["branch": .string(branch.rawValue), "commit": LakeJSON.id(commit)]).jsonText
            )
        }
        Output.talk("branch \(branch) begins at \(commit.short)")
    }

    private func done(_ word: String, _ branch: BranchName) {
        if options.json { return Output.result(JSONValue.object([word: .string(branch.rawValue)]).jsonText) }
        Output.talk("\(word) \(branch)")
    }

    private func list(_ session: LakeSession) throws {
        let current = try session.tree.position().state.branch
        let protection = try session.lake.settings().protection
        func isProtected(_ name: BranchName) -> Bool { (try? protection.check(.commit, on: name)) == nil }
        let branches = try session.lake.refs.branches().filter {
            all || !$0.name.rawValue.hasPrefix("run/") || options.json
        }
        if options.json {
            let list = branches.map { branch in
                JSONValue.object([
                    "name": .string(branch.name.rawValue), "commit": LakeJSON.id(branch.commit),
                    "current": .bool(branch.name == current), "protected": .bool(isProtected(branch.name)),
                ])
            }
            return Output.result(JSONValue.array(list).jsonText)
        }
        if branches.isEmpty { return Output.talk("no branches yet; the first commit makes main") }
        let style = Style.standardOutput
        let now = SystemTime().now
        var table = TextTable([.left, .left, .left, .right, .left])
        for branch in branches {
            let record = try? session.tree.record(of: branch.commit)
            let isCurrent = branch.name == current
            let message = record.map { LakeCommitText.firstLine($0) } ?? ""
            let word = isProtected(branch.name) ? "protected  " : ""
            table.add([
                TextTable.Cell(text: isCurrent ? "*" : " ", paint: style.good),
                TextTable.Cell(text: branch.name.rawValue, paint: { isCurrent ? style.bold($0) : $0 }),
                TextTable.Cell(text: branch.commit.short, paint: style.accent),
                TextTable.Cell(text: record.map { "\((now - $0.time).shortText) ago" } ?? "", paint: style.faint),
                TextTable.Cell(text: word + message),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}
