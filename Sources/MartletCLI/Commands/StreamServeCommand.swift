import ArgumentParser
import MartletBroker
import MartletCore
import MartletRuntime

/// `martlet stream serve`.
struct StreamServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the log server: topics that any Kafka client can use.",
        discussion: """
            One process, one broker: topics, consumer groups, idempotent producers and
            transactions, kept in a folder. Ctrl-C ends it; after kill -9 the next start
            goes on with all that was acknowledged.

              martlet stream serve
              martlet stream serve --listen 127.0.0.1:19092 --partitions 4
              martlet stream serve --flush always
              martlet stream serve --metrics 127.0.0.1:9308
              martlet stream serve --listen 10.0.0.5:9093 --users users.json \\
                --certificate server.pem --key server.key

            Other machines can only connect where users have to log in (SCRAM, and
            PLAIN over TLS).

            By --flush, what is acknowledged survives: system, the end of the process,
            but perhaps not of the machine; always, that too.
            """
    )

    @Option(help: ArgumentHelp("Where to listen; port 0 is any that is free.", valueName: "host:port"))
    var listen = "127.0.0.1:9092"

    @Option(help: ArgumentHelp("Where the logs are; .martlet/streams in the project by default.", valueName: "dir"))
    var folder: String?

    @Option(help: ArgumentHelp("Partitions of a topic about which nothing is said.", valueName: "count"))
    var partitions = 1

    @Option(help: ArgumentHelp("When what is appended is made to last: system, interval or always.", valueName: "when"))
    var flush = FlushName.system

    @Option(help: ArgumentHelp("Who may use it, as `martlet stream users` keeps it.", valueName: "file"))
    var users: String?

    @Option(help: ArgumentHelp("Encrypt connections: a certificate in PEM.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The certificate's private key in PEM.", valueName: "file"))
    var key: String?

    @Flag(help: "Make no topics just because a client asks about them.")
    var noAutoCreate = false

    @Flag(help: "Print one JSON object on standard output when it listens.")
    var json = false

    @OptionGroup var metrics: MetricsOptions

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let address = try ListenAddress(listen, of: "--listen", example: "127.0.0.1:9092")
        guard (1...1_000).contains(partitions) else {
            throw MartletError(.commandLineInvalid, "--partitions is \(partitions)", remedy: "use 1 to 1000")
        }
        RunSession.raiseDescriptorLimit()
        let path = try folder.map { (name) throws(MartletError) in try CurrentFolder.resolve(name) }
        let place = try path ?? EmbeddedLog.folder(options.workspace().layout)
        let server = try await EmbeddedLog.start(
            folder: place,
            EmbeddedLog.Options(
                host: address.host,
                port: address.port,
                partitions: partitions,
                flush: flush.policy,
                makesTopics: !noAutoCreate,
                users: try users.map { (path) throws(MartletError) in try CurrentFolder.resolve(path) },
                tls: try tlsFiles
            )
        )
        guard let server else { throw Self.inUse(place) }
        let metrics: MetricsServer?
        do {
            metrics = try await self.metrics.start { await server.metricsText() }
        } catch {
            try? await server.stop()
            throw error
        }
        if json {
            var told: [String: JSONValue] = ["address": .string(server.address), "folder": .string(place)]
            if let metrics { told["metrics"] = .string(metrics.address) }
            Output.result(JSONValue.object(told).jsonText)
        } else {
            let also = metrics.map { ", metrics at http://\($0.address)/metrics" } ?? ""
            Output.talk("listening on \(server.address), logs in \(place)\(also)")
        }
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let signals = SignalWatch { _ in end.yield() }
        for await _ in ends { break }
        withExtendedLifetime(signals) {}
        await metrics?.stop()
        try await server.stop()
    }

    private static func inUse(_ folder: String) -> MartletError {
        let pid = EmbeddedLog.holder(of: folder).pid
        return MartletError(
            .streamFolderInUse,
            "the data folder \(folder) is in use",
            reason: pid.map { "process \($0) serves it" } ?? "another log server has it open",
            remedy:
                "use that server\(EmbeddedLog.address(ofServing: folder).map { " at \($0)" } ?? ""), or give this one another folder"
        )
    }

    private var tlsFiles: TLSFiles? {
        get throws {
            switch (certificate, key) {
            case (nil, nil): return nil
            case (let certificate?, let key?):
                return TLSFiles(
                    certificates: try CurrentFolder.resolve(certificate),
                    key: try CurrentFolder.resolve(key)
                )
            default:
                throw MartletError(
                    .commandLineInvalid,
                    "a certificate and its key belong together",
                    remedy: "give both --certificate and --key"
                )
            }
        }
    }
}

extension StreamServeCommand {
    /// A flush policy as the command line names it.
    enum FlushName: String, CaseIterable, ExpressibleByArgument {
        case system, interval, always

        var policy: LogConfiguration.FlushPolicy {
            switch self {
            case .system: .system
            case .interval: .interval
            case .always: .always
            }
        }
    }
}
