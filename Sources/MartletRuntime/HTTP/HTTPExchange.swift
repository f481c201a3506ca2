import MartletCore

/// Makes requests, each by a `curl` of its own.
///
/// Between two requests nothing is held: no connection, no thread, no library for TLS in this process. `curl` is told
/// everything on its standard input, so that no address, header or body shows in the table of processes.
struct HTTPExchange: Sendable {
    /// Time for curl to end by itself after its own limit.
    private static let graceSeconds = 5

    private let program: String
    private let environment: [String: String]

    /// Requests made by `program`, which inherits `environment` without variables, connections and keys, but with the
    /// settings of proxies.
    init(program: String = "curl", environment: [String: String]) {
        self.program = program
        self.environment = SettingsEnvironment.withheld(from: environment)
    }

    /// Why there is no answer.
    struct Failure: Error {
        /// What happened, as curl says it.
        var reason: String
        /// Whether curl itself is not there.
        var isUnstartable = false
        /// The exit code of curl.
        var code: Int?

        /// Whether the address is one that curl cannot use, now or later: of a scheme that it does not speak (1), or
        /// not an address (3).
        var isMalformed: Bool { code == 1 || code == 3 }
    }

    /// Sends the request, and returns the answer.
    ///
    /// Cancelling the calling task ends it.
    func send(_ request: HTTPRequest) async throws(Failure) -> HTTPReply {
        let exchange = CurlExchange(request)
        let answer = try await run(exchange, request)
        // What was read of a longer body is an answer too.
        if answer.exitCode == 0 || answer.cause == .limit, let found = exchange.reply(answer.output, answer.isCut) {
            return found
        }
        throw Self.failure(answer, request)
    }

    /// Sends what has no answer that counts, such as a mail.
    func deliver(_ request: HTTPRequest) async throws(Failure) {
        let answer = try await run(CurlExchange(request), request)
        if answer.exitCode != 0 { throw Self.failure(answer, request) }
    }

    private func run(_ exchange: CurlExchange, _ request: HTTPRequest) async throws(Failure) -> ChildCall.Answer {
        let call = ChildCall(
            program: program,
            arguments: exchange.arguments,
            environment: environment,
            directory: "/",
            input: exchange.input,
            outputLimit: request.answerLimit + CurlExchange.headerBytes,
            endsAtLimit: true,
            timeout: .seconds(request.timeoutSeconds + Self.graceSeconds)
        )
        do throws(MartletError) {
            return try await call.run()
        } catch {
            throw Failure(reason: error.reason ?? error.message, isUnstartable: true)
        }
    }

    private static func failure(_ answer: ChildCall.Answer, _ request: HTTPRequest) -> Failure {
        let reason: String
        if answer.cause == .cancelled {
            reason = "Martlet ends"
        } else if !answer.errors.isEmpty {
            reason = answer.errors
        } else if answer.exitCode == 0 || answer.cause == .limit {
            reason = "the answer is not one of a web server"
        } else {
            reason = "no answer in \(request.timeoutSeconds) seconds"
        }
        return Failure(reason: reason, code: answer.exitCode)
    }
}
