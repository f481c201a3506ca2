import MartletCore
internal import Synchronization

/// A session on a Spark Connect server, over one connection.
///
/// Open one with ``connect(to:options:)`` and end it with ``shutdown()``, which stops whatever it still runs on the
/// server. All of it can be used from many tasks at once.
package final class SparkClient: Sendable {
    /// The address that was connected to.
    package let url: SparkURL
    /// What the server said its version is, as in `4.0.1`.
    package let serverVersion: String
    let options: SparkOptions
    let session: SparkSession
    let connection: SparkConnection
    private let runner: Task<Void, Never>
    private let state = Mutex(State())

    private struct State {
        var isClosed = false
        var executions: [Int: Task<Void, Never>] = [:]
        var nextExecution = 0
    }

    private init(
        _ url: SparkURL,
        _ options: SparkOptions,
        _ session: SparkSession,
        _ connection: SparkConnection,
        _ runner: Task<Void, Never>,
        _ serverVersion: String
    ) {
        self.url = url
        self.options = options
        self.session = session
        self.connection = connection
        self.runner = runner
        self.serverVersion = serverVersion
    }

    deinit {
        connection.stop()
        runner.cancel()
    }

    /// Connects, and asks the server for its version.
    ///
    /// - Throws: ``SparkError``: `sparkUnreachable` when nothing answers after a few tries, `sparkUnauthorized` for a
    ///   token that is not taken.
    package static func connect(to url: SparkURL, options: SparkOptions) async throws -> SparkClient {
        let connection: SparkConnection
        do {
            connection = try SparkConnection(url, trustRoots: options.trustRoots)
        } catch {
            throw SparkError(
                .user,
                MartletError(
                    .sparkUnreachable,
                    "a connection to the Spark server at \(url.authority) cannot be set up",
                    remedy: "check the file of trusted certificates",
                    cause: "\(error)"
                )
            )
        }
        let session = SparkSession(
            id: url.sessionID ?? options.makeID(),
            userID: url.userID ?? options.userID,
            clientType: url.userAgent ?? options.userAgent,
            server: url.authority
        )
        let runner = Task { await connection.run() }
        let request = AnalyzeRequest.sparkVersion.proto(session)
        do {
            let calls = SparkCalls(session: session, connection: connection, options: options)
            let answer = try await calls.analyze(request, policy: options.connectRetry)
            return SparkClient(url, options, session, connection, runner, answer.sparkVersion.version)
        } catch {
            connection.stop()
            runner.cancel()
            throw error
        }
    }

    /// Requests of this session, with their retries and checks.
    var calls: SparkCalls { SparkCalls(session: session, connection: connection, options: options) }

    /// The id of the session, a UUID.
    package var sessionID: String { session.id }

    /// Stops what this client still runs, ends the session on the server and closes the connection.
    ///
    /// The server forgets the session's views, cached tables and settings. A second call does nothing.
    package func shutdown() async {
        let running: [Task<Void, Never>]? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            return Array(state.executions.values)
        }
        guard let running else { return }
        for task in running { task.cancel() }
        for task in running { await task.value }
        await calls.releaseSession()
        connection.stop()
        runner.cancel()
        await runner.value
    }

    /// Starts a task that belongs to this client until it ends.
    ///
    /// - Throws: ``SparkError`` when the client was shut down.
    func own(_ body: @escaping @Sendable () async -> Void) throws(SparkError) -> Task<Void, Never> {
        let task: Task<Void, Never>? = state.withLock { state in
            guard !state.isClosed else { return nil }
            let number = state.nextExecution
            state.nextExecution += 1
            let task = Task { [weak self] in
                await body()
                self?.disown(number)
            }
            state.executions[number] = task
            return task
        }
        guard let task else { throw SparkClient.closed }
        return task
    }

    private func disown(_ number: Int) {
        state.withLock { $0.executions[number] = nil }
    }

    /// Fails when the client was shut down.
    func checkOpen() throws(SparkError) {
        if state.withLock({ $0.isClosed }) { throw SparkClient.closed }
    }

    private static var closed: SparkError {
        SparkError(
            .user,
            MartletError(
                .sparkClientMisused,
                "the Spark session was shut down",
                remedy: "open a new session"
            )
        )
    }
}
