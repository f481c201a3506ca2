import ArgumentParser
import MartletCore
import MartletLakeStore

/// `martlet lake checkout`.
struct LakeCheckoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkout",
        abstract: "Bring the files of a branch or commit into the project.",
        discussion: """
            Files that are changed, or not in the lake, are not overwritten unless
            --force says so. With paths only those are brought, and staged.

              martlet lake checkout main
              martlet lake checkout -b experiment
              martlet lake checkout v1 data/labels.csv
            """
    )

    @Argument(help: ArgumentHelp("A branch, tag or commit; HEAD without.", valueName: "ref"))
    var ref: String?

    @Argument(help: ArgumentHelp("Only these.", valueName: "path"))
    var paths: [String] = []

    @Option(
        name: [.customShort("b"), .long],
        help: ArgumentHelp("Make this branch there, and go to it.", valueName: "name")
    )
    var branch: String?

    @Option(help: ArgumentHelp("How files get there: copy, hardlink (read-only) or reflink.", valueName: "mode"))
    var link: LinkMode = .copy

    @Flag(help: "Overwrite files that are changed or not in the lake.")
    var force = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let tree = session.tree
        let position = try tree.position()
        let commit = try place(session, position)
        if !paths.isEmpty {
            return show(try tree.checkout(session.keys(paths), of: commit, isForced: force), commit, nil)
        }
        var target: BranchName?
        if let branch {
            let name = try session.branch(branch)
            try tree.makeBranch(name, at: commit, by: session.author)
            target = name
        } else if let ref {
            let name = BranchName(rawValue: ref)
            if let name, try session.lake.refs.head(of: .branch(name)) != nil { target = name }
        } else {
            target = position.state.branch
        }
        let progress = LakeProgress("checking out")
        defer { progress.end() }
        let report = try tree.checkout(commit, branch: target, link: link, isForced: force) { progress.update($0) }
        progress.end()
        show(report, commit, target)
    }

    private func place(_ session: LakeSession, _ position: WorkPosition) throws -> ObjectID {
        if let ref { return try session.tree.resolve(ref) }
        // The end of the branch, which others may have moved.
        if let head = position.head { return head }
        throw MartletError(.refUnknown, "there are no commits yet", remedy: "make one with `martlet lake commit`")
    }

    private func show(_ report: MoveReport, _ commit: ObjectID, _ target: BranchName?) {
        if options.json {
            return Output.result(
                JSONValue.object([
                    "commit": LakeJSON.id(commit), "branch": LakeJSON.branch(target), "files": LakeJSON.files(report),
                ]).jsonText
            )
        }
        let style = Style.standardError
        let name = target.map { "\($0) at \(style.accent(commit.short))" } ?? style.accent(commit.short)
        Output.talk("\(paths.isEmpty ? "at" : "from") \(name): \(Self.words(report))")
        if paths.isEmpty, target == nil {
            Output.talk(style.faint("no branch is checked out; begin one with `martlet lake checkout -b NAME`"))
        }
    }

    static func words(_ report: MoveReport) -> String {
        let counts = LakeText.counts([
            (report.written, "written"), (report.removed, "removed"), (report.unchanged, "unchanged"),
            (report.left, "left as changed"),
        ])
        return counts.isEmpty ? "no files" : counts
    }
}

extension LinkMode: ExpressibleByArgument {}
