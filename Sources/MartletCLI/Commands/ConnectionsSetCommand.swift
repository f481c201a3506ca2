import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet connections set`.
struct ConnectionsSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set a connection, whole: what is not given is not kept.",
        discussion: """
            Give a URI or a JSON object by --stdin or --file, or fields by options.
            Passwords are read from standard input or a file, so that they do not stay
            in the shell's history.
            """
    )

    @Argument(help: "The connection.")
    var id: String

    @Flag(help: "Read a URI or a JSON object from standard input.")
    var stdin = false

    @Option(help: ArgumentHelp("Read a URI or a JSON object from this file.", valueName: "path"))
    var file: String?

    @Option(help: ArgumentHelp("A URI without a password.", valueName: "uri"))
    var uri: String?

    @Option(help: ArgumentHelp("The kind of system, as in postgres.", valueName: "word"))
    var type: String?

    @Option(help: ArgumentHelp("The machine.", valueName: "name"))
    var host: String?

    @Option(help: ArgumentHelp("The TCP port.", valueName: "number"))
    var port: Int?

    @Option(help: ArgumentHelp("The user.", valueName: "name"))
    var login: String?

    @Option(help: ArgumentHelp("The database, bucket or the like.", valueName: "name"))
    var schema: String?

    @Option(help: ArgumentHelp("What the connection is for.", valueName: "text"))
    var description: String?

    @Flag(help: "Read the password from standard input.")
    var passwordStdin = false

    @Option(help: ArgumentHelp("Read the password from this file.", valueName: "path"))
    var passwordFile: String?

    @Option(help: ArgumentHelp("Read extra, a JSON object, from this file.", valueName: "path"))
    var extraFile: String?

    @Flag(help: "Print the connection as one JSON object, its secrets masked.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let id: ConnectionID = try NameArgument.read(id)
        try checkSources(id)
        var password: String?
        if passwordStdin { password = try InputText.fromStandardInput("password of \(id)") }
        if let passwordFile { password = try InputText.fromFile(passwordFile) }
        let base = try base(id)
        let connection = try Connection(
            id: id,
            type: base.type,
            host: base.host,
            port: base.port,
            login: base.login,
            password: password ?? base.password,
            schema: base.schema,
            extra: try readExtra(id) ?? base.extra,
            description: description ?? base.description
        )
        try await options.withSettings { try await $0.vault.set(connections: [connection]) }
        if json { return Output.result(connection.json(revealed: false).jsonText) }
        Output.talk("connection \(id) is set: \(connection.maskedURI)")
    }

    private func readExtra(_ id: ConnectionID) throws(MartletError) -> [String: JSONValue]? {
        guard let extraFile else { return nil }
        if case .object(let members) = JSONValue(checkedText: try InputText.fromFile(extraFile)) { return members }
        throw MartletError(
            .connectionInvalid,
            "extra of connection \(id) is not a JSON object",
            remedy: "write {\"key\": \"value\"} into \(extraFile)"
        )
    }

    private var hasFields: Bool {
        [type, host, login, schema].contains { $0 != nil } || port != nil
    }

    private func checkSources(_ id: ConnectionID) throws(MartletError) {
        let wholes = [stdin, file != nil, uri != nil, hasFields].count(where: { $0 })
        if wholes != 1 {
            throw MartletError(
                .commandLineInvalid,
                wholes == 0 ? "say what connection \(id) is" : "connection \(id) is given in two ways",
                remedy: "use one of --stdin, --file, --uri, or fields that begin with --type"
            )
        }
        if passwordStdin && (stdin || passwordFile != nil) {
            throw MartletError(
                .commandLineInvalid,
                "the password of connection \(id) is given in two ways",
                remedy: "use one of --stdin, --password-stdin and --password-file"
            )
        }
    }

    /// The connection without what comes from further files.
    private func base(_ id: ConnectionID) throws(MartletError) -> Connection {
        if stdin { return try Connection(id: id, text: try InputText.fromStandardInput("URI of \(id)")) }
        if let file { return try Connection(id: id, text: try InputText.fromFile(file)) }
        guard let uri else {
            return try Connection(id: id, type: type ?? "", host: host, port: port, login: login, schema: schema)
        }
        let connection = try Connection(id: id, uri: uri)
        guard connection.password == nil, !connection.extra.keys.contains(where: SettingRules.soundsSecret) else {
            throw MartletError(
                .commandLineInvalid,
                "the password of connection \(id) does not belong on the command line",
                reason: "the shell keeps it in its history, and others see it in the list of processes",
                remedy: "give the URI by --stdin or --file, or the password by --password-stdin"
            )
        }
        return connection
    }
}
