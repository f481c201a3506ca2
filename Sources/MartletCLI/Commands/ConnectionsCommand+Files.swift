import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet connections import`.
struct ConnectionsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Set connections from a JSON file, all or none of them.",
        discussion: """
            The file is an object of connections by id, each a URI or an object of
            fields, as Airflow exports them (`airflow connections export`).
            """
    )

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Option(help: "What to do with ids that exist: overwrite, skip or fail.")
    var existing = ExistingAction.overwrite

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        var connections: [Connection] = []
        for (id, value) in try ImportFile.members(file) {
            connections.append(try Connection(id: try NameArgument.read(id), json: value))
        }
        let skipped = try await options.withSettings { settings in
            let known = Set(try await settings.store.connections().map(\.id))
            let taken = connections.map(\.id).filter(known.contains)
            if existing == .fail, let first = taken.first {
                throw MartletError(
                    .nameDuplicate,
                    "connection \(first) exists; nothing was imported",
                    remedy: "use --existing overwrite or --existing skip"
                )
            }
            let chosen = existing == .skip ? connections.filter { !known.contains($0.id) } : connections
            try await settings.vault.set(connections: chosen)
            return connections.count - chosen.count
        }
        let imported = connections.count - skipped
        if json {
            return Output.result(
                JSONValue.object(["imported": .integer(imported), "skipped": .integer(skipped)]).jsonText
            )
        }
        Output.talk("\(imported) connections imported" + (skipped > 0 ? ", \(skipped) skipped" : ""))
    }
}

/// `martlet connections export`.
struct ConnectionsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Print all stored connections as JSON, or write them to a new file.",
        discussion: "Passwords and extra are left out unless --reveal is given. `import` reads what this writes."
    )

    @Argument(help: "The file to write; standard output when not given.")
    var file: String?

    @Flag(help: "Write passwords and extra too, in plain text.")
    var reveal = false

    @Flag(help: "Print one JSON object about a file that was written.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let (connections, hidden) = try await options.withSettings { settings in
            var stored = try await settings.store.connections()
            let hidden = reveal ? [] : stored.filter { !$0.sealed.isEmpty }.map(\.id.rawValue)
            if !reveal { for index in stored.indices { stored[index].sealed = [:] } }
            return (try settings.vault.open(stored), hidden)
        }
        var members: [String: JSONValue] = [:]
        for connection in connections {
            guard case .object(let fields) = connection.json(revealed: true) else { continue }
            members[connection.id.rawValue] = .object(
                fields.filter { $0.key != "id" && $0.key != "uri" && $0.value != .null && $0.value != .object([:]) }
            )
        }
        try SettingsExport(members: members, hidden: hidden, noun: "connection").finish(file, json: json)
    }
}
