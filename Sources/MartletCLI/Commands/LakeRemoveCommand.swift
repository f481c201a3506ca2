import ArgumentParser
import MartletCore
import MartletLake
import MartletLakeStore

/// `martlet lake rm`.
struct LakeRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove files, and stage that.",
        discussion: "Files with changes that are staged nowhere are not removed unless --force says so."
    )

    @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
    var paths: [String]

    @Flag(help: "Leave the files; only the lake no longer has them.")
    var cached = false

    @Flag(help: "Remove changed files too.")
    var force = false

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let count = try session.tree.remove(session.keys(paths), keepsFiles: cached, isForced: force)
        if options.json { return Output.result(JSONValue.object(["removed": .integer(count)]).jsonText) }
        Output.talk("\(LakeText.count(count, "file")) staged as removed")
    }
}

/// `martlet lake mv`.
struct LakeMoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mv",
        abstract: "Rename a file or folder, and stage that; nothing is read or copied."
    )

    @Argument(help: ArgumentHelp("The file or folder.", valueName: "from"))
    var source: String

    @Argument(help: ArgumentHelp("Its new path, or the folder it goes into.", valueName: "to"))
    var target: String

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let (path, count) = try session.tree.rename(session.key(source), to: session.key(target))
        if options.json {
            return Output.result(
                JSONValue.object(LakeJSON.path(path).merging(["moved": .integer(count)]) { $1 }).jsonText
            )
        }
        Output.talk("\(LakeText.count(count, "file")) now at \(path.display)")
    }
}
