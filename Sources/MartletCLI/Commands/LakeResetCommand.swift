import ArgumentParser
import MartletCore
import MartletLakeStore

/// `martlet lake reset`.
struct LakeResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Take back what is staged, or point the branch to another commit.",
        discussion: """
            Without REF nothing is staged any more. With it the branch points there;
            commits after it are kept by `martlet lake gc` for a while. Files stay as
            they are unless --hard says so.

              martlet lake reset
              martlet lake reset --hard main~1
            """
    )

    @Argument(help: ArgumentHelp("A branch, tag or commit.", valueName: "ref"))
    var ref: String?

    @Flag(help: "Make the files as they are there, and give up changes to them.")
    var hard = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let commit = try ref.map { try session.tree.resolve($0) }
        let report = try session.tree.reset(to: commit, isHard: hard, by: session.author)
        let base = try session.tree.position().state.base
        if options.json {
            return Output.result(
                JSONValue.object(["commit": LakeJSON.id(base), "files": LakeJSON.files(report)]).jsonText
            )
        }
        let files = hard ? ": \(LakeCheckoutCommand.words(report))" : "; nothing is staged"
        Output.talk("at \(base?.short ?? "no commit")\(files)")
    }
}
