public import MartletCore
import MartletScheduling

/// Asks web servers, each time by a `curl` of its own.
public struct HTTPProbe: WaitProbe {
    private let program: String
    private let exchange: HTTPExchange

    /// A probe that runs `program`, which inherits `environment` without variables, connections and keys, but with the
    /// settings of proxies.
    public init(program: String = "curl", environment: [String: String]) {
        self.program = program
        exchange = HTTPExchange(program: program, environment: environment)
    }

    /// Sends the request, and decides by the answer.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        guard case .http(let wait) = request.subject else { return .misdirected(request) }
        let failure: HTTPExchange.Failure
        do throws(HTTPExchange.Failure) {
            let reply = try await exchange.send(HTTPRequest(wait))
            let found = HTTPAnswer(status: reply.status, body: reply.body, isCut: reply.isCut)
            return wait.result(of: found, in: request.context, settings: request.settings, for: request.key.instance)
        } catch {
            failure = error
        }
        if failure.isUnstartable {
            let error = MartletError(
                .requestFailed,
                "step \(request.key.instance) cannot ask \(wait.publicAddress): \(program) does not start",
                reason: failure.reason,
                remedy: "install curl"
            )
            return .failed(error, retryable: false)
        }
        let error = MartletError(
            .requestFailed,
            "step \(request.key.instance): \(wait.publicAddress) does not answer",
            reason: failure.reason,
            remedy: "check the address and the network; on_error: wait keeps trying until the timeout"
        )
        return .failed(error, retryable: !failure.isMalformed)
    }
}
