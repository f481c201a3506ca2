import ArgumentParser
import MartletCore
import MartletLakeStore

/// `martlet lake remote`.
struct LakeRemoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remote",
        abstract: "List and name the places that the lake is pushed to and pulled from.",
        discussion: """
              martlet lake remote add origin /mnt/share/prices
              martlet lake push
            """,
        subcommands: [LakeRemoteListCommand.self, LakeRemoteAddCommand.self, LakeRemoteRemoveCommand.self],
        defaultSubcommand: LakeRemoteListCommand.self
    )
}

/// `martlet lake remote list`.
struct LakeRemoteListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List remotes.")

    @OptionGroup var options: LakeOptions

    func run() throws {
        let remotes = try options.open().lake.remotes().sorted { $0.key < $1.key }
        if options.json {
            let list = remotes.map { JSONValue.object(["name": .string($0.key), "url": .string($0.value)]) }
            return Output.result(JSONValue.array(list).jsonText)
        }
        if remotes.isEmpty { return Output.talk("no remotes yet; name one with `martlet lake remote add NAME URL`") }
        var table = TextTable([.left, .left])
        for remote in remotes { table.add([remote.key, DisplayText.line(remote.value)]) }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet lake remote add`.
struct LakeRemoteAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Name a folder or URL.")

    @Argument(help: "The name.")
    var name: String

    @Argument(help: ArgumentHelp("A folder's path, or a URL.", valueName: "url"))
    var url: String

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        let id: PipelineID = try NameArgument.read(name)
        var remotes = try session.lake.remotes()
        if let former = remotes[name] {
            throw MartletError(
                .refExists,
                "there is a remote \(name) already, at \(former)",
                remedy: "remove it first: `martlet lake remote remove \(name)`"
            )
        }
        // A path holds from wherever it is used.
        let place = url.contains("://") ? url : try CurrentFolder.resolve(url)
        _ = try LakeRemotes.store(place, in: session.directory)
        remotes[id.rawValue] = place
        try session.lake.save(remotes: remotes)
        if options.json {
            return Output.result(JSONValue.object(["name": .string(name), "url": .string(place)]).jsonText)
        }
        Output.talk("remote \(name) is \(place)")
    }
}

/// `martlet lake remote remove`.
struct LakeRemoteRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forget a remote; nothing there is removed."
    )

    @Argument(help: "The name.")
    var name: String

    @OptionGroup var options: LakeOptions

    func run() throws {
        let session = try options.open()
        var remotes = try session.lake.remotes()
        guard remotes.removeValue(forKey: name) != nil else { throw LakeRemotes.unknown(name, remotes) }
        try session.lake.save(remotes: remotes)
        if options.json { return Output.result(JSONValue.object(["removed": .string(name)]).jsonText) }
        Output.talk("forgot remote \(name)")
    }
}
