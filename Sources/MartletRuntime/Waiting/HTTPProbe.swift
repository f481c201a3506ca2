public import MartletCore
import MartletScheduling

/// Asks web servers, each time by a `curl` of its own.
///
/// Between two looks nothing is held: no connection, no thread, no library for TLS in this process. `curl` is told
/// everything on its standard input, so that no header or address shows in the table of processes.
public struct HTTPProbe: WaitProbe {
    private let program: String
    private let environment: [String: String]

    /// A probe that runs `program`, which inherits `environment` without variables, connections and keys, but with the
    /// settings of proxies.
    public init(program: String = "curl", environment: [String: String]) {
        self.program = program
        self.environment = SettingsEnvironment.withheld(from: environment)
    }

    /// Sends the request, and decides by the answer.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        guard case .http(let wait) = request.subject else { return .misdirected(request) }
        let exchange = CurlExchange(wait)
        let call = ChildCall(
            program: program,
            arguments: exchange.arguments,
            environment: environment,
            directory: "/",
            input: Array(exchange.configuration.utf8),
            outputLimit: Limits.bodyBytes + CurlExchange.headerBytes,
            endsAtLimit: true,
            timeout: .seconds(Limits.requestSeconds + 5)
        )
        let answer: ChildCall.Answer
        do throws(MartletError) {
            answer = try await call.run()
        } catch {
            let failure = MartletError(
                .requestFailed,
                "step \(request.key.instance) cannot ask \(wait.publicAddress): \(program) does not start",
                reason: error.reason,
                remedy: "install curl"
            )
            return .failed(failure, retryable: false)
        }
        // What was read of a longer body is an answer too.
        if answer.exitCode == 0 || answer.cause == .limit, let found = exchange.answer(answer.output, answer.isCut) {
            return wait.result(of: found, in: request.context, settings: request.settings, for: request.key.instance)
        }
        let failure = MartletError(
            .requestFailed,
            "step \(request.key.instance): \(wait.publicAddress) does not answer",
            reason: answer.errors.isEmpty ? "no answer in \(Limits.requestSeconds) seconds" : answer.errors,
            remedy: "check the address and the network; on_error: wait keeps trying until the timeout"
        )
        // 1: a scheme that curl does not speak; 3: an address that it cannot read.
        return .failed(failure, retryable: ![1, 3].contains(answer.exitCode))
    }
}

/// One request in the words of `curl`, and its answer.
struct CurlExchange {
    /// Most bytes of headers before a body.
    static let headerBytes = 256 << 10

    private let wait: HTTPWait
    /// A header may be a secret that is meant for one server only.
    private var follows: Bool { wait.headers.isEmpty }

    init(_ wait: HTTPWait) { self.wait = wait }

    var arguments: [String] {
        var arguments = [
            "--disable", "--config", "-", "--silent", "--show-error", "--include", "--suppress-connect-headers",
            "--proto", "=http,https", "--proto-redir", "=http,https", "--connect-timeout", "10", "--max-time",
            "\(Limits.requestSeconds)",
        ]
        if follows { arguments += ["--location", "--max-redirs", "\(Limits.redirects)"] }
        return arguments
    }

    /// The file of settings that curl reads.
    var configuration: String {
        var lines = ["url = \(quoted(wait.url))", "globoff"]
        switch wait.method {
        case "GET": break
        case "HEAD": lines.append("head")
        default: lines.append("request = \(quoted(wait.method))")
        }
        for (name, value) in wait.headers.sorted(by: { $0.key < $1.key }) {
            // Curl sends a header without a value only when a semicolon takes the place of the colon.
            lines.append("header = \(quoted(value.isEmpty ? "\(name);" : "\(name): \(value)"))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.reduce(into: "") { result, character in
            switch character {
            case "\\", "\"": result += "\\\(character)"
            case "\t": result += "\\t"
            default: result.append(character)
            }
        }
        return "\"\(escaped)\""
    }

    /// The last answer in what curl printed: there is a block of headers for each redirect before.
    func answer(_ output: [UInt8], _ isCut: Bool) -> HTTPAnswer? {
        var rest = output[...]
        while true {
            guard rest.starts(with: "HTTP/".utf8),
                let end = rest.firstRange(of: [13, 10, 13, 10]) ?? rest.firstRange(of: [10, 10])
            else { return nil }
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            let words = head.prefix { !$0.isNewline }.split(separator: " ")
            guard words.count >= 2, let status = Int(words[1]) else { return nil }
            rest = rest[end.upperBound...]
            // By bytes: "\r\n" is one character.
            let hasLocation = Array(head.lowercased().utf8).firstRange(of: "\nlocation:".utf8) != nil
            let isRedirect = follows && (300...399).contains(status) && hasLocation
            guard (100...199).contains(status) || isRedirect, rest.starts(with: "HTTP/".utf8) else {
                let body = Array(rest.prefix(Limits.bodyBytes))
                return HTTPAnswer(status: status, body: body, isCut: isCut || rest.count > body.count)
            }
        }
    }
}
