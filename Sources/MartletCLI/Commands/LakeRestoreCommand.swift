import ArgumentParser
import MartletCore
import MartletLakeStore

/// `martlet lake restore`.
struct LakeRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make files as they are staged again, and give up changes to them.",
        discussion: """
              martlet lake restore data/labels.csv             undo changes to the file
              martlet lake restore --staged data/labels.csv    do not commit them yet
            """
    )

    @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
    var paths: [String]

    @Flag(help: "Take back what is staged; the files stay as they are.")
    var staged = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let report = try session.tree.restore(session.keys(paths), isStaging: staged)
        if options.json { return Output.result(JSONValue.object(["files": LakeJSON.files(report)]).jsonText) }
        Output.talk(staged ? "staged again as in the last commit" : LakeCheckoutCommand.words(report))
    }
}
