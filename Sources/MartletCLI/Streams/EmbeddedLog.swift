import Foundation
import Glibc
import MartletBroker
import MartletCore
import MartletRuntime

/// The project's own log server, within this process.
///
/// One process at a time serves a folder; others find its address in a file beside it.
struct EmbeddedLog {
    /// How a log server is run, as far as a command says.
    struct Options {
        var host = "127.0.0.1"
        /// Nil for the port that it had last time, else Kafka's own, else any that is free.
        var port: Int?
        var partitions = 1
        var flush = LogConfiguration.FlushPolicy.system
        var makesTopics = true
        /// The file of who may use it; nil when nobody has to log in.
        var users: String?
        /// What connections are encrypted with.
        var tls: TLSFiles?
    }

    /// Where it listens, as in `127.0.0.1:9092`.
    let address: String
    private let server: LogServer
    private let lock: FileLock
    private let addressFile: String

    /// The folder of a project's log server.
    static func folder(_ layout: ProjectLayout) -> String { "\(layout.state)/streams" }

    /// Where the log server of a folder listens; nil when none runs.
    static func address(ofServing folder: String) -> String? {
        guard FileLock.holder(lockFile(folder)).isHeld,
            let data = FileManager.default.contents(atPath: addressFile(folder))
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// The process that serves a folder, when there is one.
    static func holder(of folder: String) -> (isHeld: Bool, pid: Int?) { FileLock.holder(lockFile(folder)) }

    /// Recovers the logs in a folder and serves them.
    ///
    /// - Returns: the server; nil when another process serves the folder.
    /// - Throws: ``MartletError`` MT601x when the logs cannot be read, or MT6014 when the address cannot be listened on.
    static func start(folder: String, _ options: Options) async throws -> EmbeddedLog? {
        try FileSystem.makeFolder(folder)
        guard let lock = try FileLock.take(lockFile(folder), as: "streams") else { return nil }
        let users = try options.users.map { (path) throws(MartletError) in try UsersFile(path).read() }
        let settings = BrokerSettings(
            folder: folder,
            advertisedHost: options.host,
            makesTopics: options.makesTopics,
            defaultPartitions: options.partitions,
            flush: options.flush,
            users: users,
            tls: options.tls,
            notice: { Output.talk("streams: \(DisplayText.line($0.text))") },
            clock: { SystemTime().now.microseconds / 1_000 },
            makeID: { UUID().uuidString.lowercased() },
            random: { (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max)) }
        )
        let server = try await listen(settings, options, before: lastPort(folder))
        let address = "\(options.host):\(server.port)"
        try FileSystem.write(Array(address.utf8), to: addressFile(folder))
        return EmbeddedLog(address: address, server: server, lock: lock, addressFile: addressFile(folder))
    }

    /// Listens where it is told to; else where clients of before look for it, if that is free.
    private static func listen(_ settings: BrokerSettings, _ options: Options, before: Int?) async throws -> LogServer {
        if let port = options.port { return try await LogServer.start(settings, host: options.host, port: port) }
        for port in [before ?? usualPort, usualPort] {
            switch await attempt(settings, options.host, port) {
            case .success(let server): return server
            case .failure(let error) where error.code == .streamAddressUnusable: continue
            case .failure(let error): throw error
            }
        }
        return try await LogServer.start(settings, host: options.host, port: 0)
    }

    private static func attempt(
        _ settings: BrokerSettings,
        _ host: String,
        _ port: Int
    ) async -> Result<LogServer, MartletError> {
        do {
            return .success(try await LogServer.start(settings, host: host, port: port))
        } catch {
            return .failure(error)
        }
    }

    /// Kafka's port, where clients look unless they are told otherwise.
    private static let usualPort = 9_092

    private static func lastPort(_ folder: String) -> Int? {
        FileManager.default.contents(atPath: addressFile(folder))
            .map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: ":").last.flatMap { Int($0) }
    }

    /// Serves the streams of a project, unless they are elsewhere, are switched off, or are served already.
    ///
    /// - Throws: as ``start(folder:_:)``.
    static func start(for workspace: Workspace) async throws -> EmbeddedLog? {
        guard workspace.project.streams == nil else { return nil }
        return try await start(folder: folder(workspace.layout), Options())
    }

    /// What the server tells of itself, as Prometheus reads it.
    func metricsText() async -> String { BrokerMetricsText(await server.metrics()).text }

    /// Ends all connections, and closes the logs.
    func stop() async throws {
        try await server.stop()
        withExtendedLifetime(lock) {}
    }

    private static func lockFile(_ folder: String) -> String { "\(folder).lock" }
    private static func addressFile(_ folder: String) -> String { "\(folder).address" }
}
