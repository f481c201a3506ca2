import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet connections`.
struct ConnectionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections",
        abstract: "List, read, set and test connections to outside systems.",
        discussion: """
            A connection has a type, host, port, login, password, schema and extra.
            Password and extra are encrypted in the store and masked where they show.
            A URI has the form type://login:password@host:port/schema?key=value.

              martlet connections set warehouse --stdin < uri.txt
              martlet connections set warehouse --type postgres --host db --login ada --password-stdin
              martlet connections get warehouse
              martlet connections test warehouse

            MARTLET_CONN_<ID> and AIRFLOW_CONN_<ID> in the environment come first.
            """,
        subcommands: [
            ConnectionsListCommand.self, ConnectionsGetCommand.self, ConnectionsSetCommand.self,
            ConnectionsDeleteCommand.self, ConnectionsImportCommand.self, ConnectionsExportCommand.self,
            ConnectionsTestCommand.self,
        ],
        defaultSubcommand: ConnectionsListCommand.self
    )
}

/// `martlet connections list`.
struct ConnectionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the stored connections.")

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        // Straight from the store: a list needs no key.
        let connections = try await options.withSettings { try await $0.store.connections() }
        if json { return Output.result(JSONValue.array(connections.map(ConnectionText.json)).jsonText) }
        if connections.isEmpty {
            return Output.talk("no connections yet; set one with `martlet connections set ID --stdin`")
        }
        let style = Style.standardOutput
        let titles = ["ID", "TYPE", "HOST", "PORT", "LOGIN", "PASSWORD", "SCHEMA", "EXTRA", "DESCRIPTION"]
        let header = titles.map { TextTable.Cell(text: $0, paint: style.faint) }
        var table = TextTable(
            [.left, .left, .left, .right, .left, .left, .left, .left, .left],
            header: header
        )
        for connection in connections {
            table.add(
                [
                    connection.id.rawValue, connection.type, connection.host ?? "",
                    connection.port.map(String.init) ?? "", connection.login ?? "",
                    connection.sealed[.password] == nil ? "" : SettingRules.mask, connection.schema ?? "",
                    connection.sealed[.extra] == nil ? "" : SettingRules.mask, connection.description ?? "",
                ].map(VariableText.short)
            )
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet connections get`.
struct ConnectionsGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print a connection as a URI.",
        discussion: "The environment comes first, then the store, as it does for steps."
    )

    @Argument(help: "The connection.")
    var id: String

    @Flag(help: "Show the password and extra.")
    var reveal = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let (connection, source) = try await ConnectionArgument.find(id, options)
        if json {
            guard case .object(var fields) = connection.json(revealed: reveal) else { return }
            fields["source"] = .string(source.rawValue)
            return Output.result(JSONValue.object(fields).jsonText)
        }
        Output.result(reveal ? connection.uri : connection.maskedURI)
    }
}

/// `martlet connections delete`.
struct ConnectionsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete connections from the store."
    )

    @Argument(help: "The connections.")
    var ids: [String]

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        try await options.withSettings { settings in
            let known = try await settings.store.connections().map(\.id.rawValue)
            try NameArgument.check(ids, among: known, "connection", .connectionUnknown)
            try await settings.store.apply(ids.map { .deleteConnection(ConnectionID(trusted: $0)) })
        }
        if json { return Output.result(JSONValue.object(["deleted": .array(ids.map(JSONValue.string))]).jsonText) }
        Output.talk("deleted \(ids.joined(separator: ", "))")
    }
}

/// `martlet connections test`.
struct ConnectionsTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Open a TCP connection to where a connection points.",
        discussion: """
            It tells whether host and port answer, not whether login and password fit.
            Exit codes: 0 they answer, 1 they do not, 2 the connection has no host and
            port to try.
            """
    )

    @Argument(help: "The connection.")
    var id: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let (connection, _) = try await ConnectionArgument.find(id, options)
        let answer = try await ConnectionProbe(connection).run()
        if json {
            let fields: [String: JSONValue] = [
                "id": .string(id), "type": .string(connection.type), "host": .string(answer.host),
                "port": .integer(answer.port), "reachable": true, "seconds": .number(answer.duration.seconds),
            ]
            return Output.result(JSONValue.object(fields).jsonText)
        }
        Output.result("\(answer.host):\(answer.port) answered after \(answer.duration.shortText)")
    }
}

/// Finds the connection that a user means.
enum ConnectionArgument {
    /// - Throws: ``MartletError`` MT1046 when it is neither in the environment nor in the store.
    static func find(_ word: String, _ options: ProjectOptions) async throws -> (Connection, SettingsResolver.Source) {
        let id: ConnectionID = try NameArgument.read(word)
        return try await options.withSettings { settings in
            if let found = try await settings.resolver.connection(id) { return found }
            let known = try await settings.store.connections().map(\.id.rawValue)
            throw NameArgument.unknown(id.rawValue, among: known, "connection", .connectionUnknown)
        }
    }
}

/// Connections as machines see them in a list.
enum ConnectionText {
    static func json(_ connection: StoredConnection) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
        return .object([
            "id": .string(connection.id.rawValue), "type": .string(connection.type), "host": text(connection.host),
            "port": connection.port.map(JSONValue.integer) ?? .null, "login": text(connection.login),
            "schema": text(connection.schema), "description": text(connection.description),
            "has_password": .bool(connection.sealed[.password] != nil),
            "has_extra": .bool(connection.sealed[.extra] != nil),
        ])
    }
}
