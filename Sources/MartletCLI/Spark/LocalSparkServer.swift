import Foundation
import MartletCore
import MartletRuntime
import MartletSpark
import Synchronization

/// A Spark Connect server of this machine's Spark, for as long as some work takes.
///
/// It listens on loopback only, and serves only who knows a token that is made for it.
struct LocalSparkServer: Sendable {
    let installation: SparkInstallation
    let place: SparkPlace
    let name: String
    let configuration: [String: String]
    let packages: [String]
    let jars: [String]
    let folders: SparkSubmitCommand.Folders
    let environment: [String: String]
    let observer: any SparkObserver

    /// Starts the server, does `work` with its address, and stops it.
    ///
    /// - Throws: what `work` throws; ``MartletError`` MT7053 when the server does not come up.
    func whileRunning(
        _ work: @escaping @Sendable (SparkURL) async throws -> Void
    ) async throws {
        if let events = folders.events { try FileSystem.makeFolder(events) }
        guard let port = FreePort.find() else {
            throw MartletError(.sparkNotStarted, "there is no free port for Spark", remedy: "close some connections")
        }
        let uiPort = FreePort.find()
        let token = Self.newToken()
        let (server, settings) = program(port: port, uiPort: uiPort, token: token)
        try settings.write()
        defer { settings.remove() }
        var url = try SparkURL(host: "127.0.0.1", port: port)
        url.token = token
        let address = url
        let observer = observer
        let state = ServerState()
        try await withThrowingTaskGroup { group in
            group.addTask {
                do throws(MartletError) {
                    try await server.run(ServerLines(observer))
                } catch {
                    if Task.isCancelled { throw CancellationError() }
                    // One that served before is an application that failed.
                    throw state.served.withLock(\.self) ? error : Self.notStarted(error.reason ?? error.message)
                }
                throw Self.notStarted("it ended by itself")
            }
            group.addTask {
                try await Self.waitUntilReady(address)
                state.served.withLock { $0 = true }
                if let uiPort { observer.showsPages("http://127.0.0.1:\(uiPort)") }
                try await work(address)
            }
            // What ends first decides: the work is done, or the server is gone. The other ends with the group.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func program(port: Int, uiPort: Int?, token: String) -> (SparkProgram, SparkSettingsFile) {
        let command = SparkSubmitCommand(
            serverOn: place,
            name: name,
            port: port,
            configuration: configuration,
            uiPort: uiPort,
            packages: packages,
            jars: jars,
            folders: folders
        )
        var variables = installation.environment(environment, isLocal: true)
        variables["SPARK_CONNECT_AUTHENTICATE_TOKEN"] = token
        let program = SparkProgram(
            name: "the Spark of this machine",
            program: installation.submit,
            arguments: command.arguments,
            environment: variables,
            directory: folders.project
        )
        return (program, SparkSettingsFile(command, installation, folders, environment))
    }

    private static func waitUntilReady(_ url: SparkURL) async throws {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(Limits.sparkStartSeconds)
        while true {
            do {
                return try await SparkServerSession.probe(url)
            } catch let error as SparkError {
                if clock.now > end { throw notStarted(error.message) }
            }
            // There is nothing to wait for that would tell when a server listens.
            try await Task.sleep(for: .milliseconds(150))
        }
    }

    private static func notStarted(_ reason: String) -> MartletError {
        MartletError(
            .sparkNotStarted,
            "the Spark of this machine did not start",
            reason: reason,
            remedy: "see what it printed; `spark-submit --version` tries it alone"
        )
    }

    private static func newToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in String(UInt64.random(in: .min ... .max, using: &generator), radix: 36) }.joined()
    }
}

private final class ServerState: Sendable {
    /// Whether the server has been reached.
    let served = Mutex(false)
}

/// What the server prints: all goes to the log, and its tasks are told by the client.
private struct ServerLines: SparkObserver {
    let observer: any SparkObserver

    init(_ observer: any SparkObserver) { self.observer = observer }

    func progresses(_ done: Int, of total: Int, stage: String) {}
    func isApplication(_ id: String) { observer.isApplication(id) }
    func showsPages(_ url: String) {}
    func prints(_ line: String, isError: Bool) { observer.prints(line, isError: isError) }
    func wrote(_ output: String, rows: Int) {}
}
