public import MartletCore

/// Runs a program for each alert, which reads it as one line of JSON from its standard input.
///
/// Exit code 0 says that it took the alert. No shell reads the arguments, and nothing of the alert is among them.
public struct CommandNotifier: Notifier {
    private let name: NotifierID
    private let notice: CommandNotice
    private let directory: String
    private let environment: [String: String]
    private let mask: @Sendable (String) -> String

    /// A notifier that runs the program of `notice`.
    ///
    /// - Parameters:
    ///   - name: what the project calls it.
    ///   - notice: the program and its limits.
    ///   - directory: where it starts; absolute.
    ///   - environment: what it inherits, without variables, connections and keys.
    ///   - mask: takes secrets out of what it prints, which errors show.
    public init(
        _ name: NotifierID,
        _ notice: CommandNotice,
        directory: String,
        environment: [String: String],
        mask: @escaping @Sendable (String) -> String
    ) {
        self.name = name
        self.notice = notice
        self.directory = directory
        self.environment = SettingsEnvironment.withheld(from: environment)
        self.mask = mask
    }

    /// How often a call that failed is repeated.
    public var retries: Int { notice.retries }

    /// Runs the program to its end.
    ///
    /// - Throws: ``MartletError`` MT2050 when it cannot be started, fails or takes too long.
    public func deliver(_ alert: Alert) async throws(MartletError) {
        let program = notice.arguments.first ?? ""
        let call = ChildCall(
            program: program,
            arguments: Array(notice.arguments.dropFirst()),
            environment: environment.merging(notice.env) { $1 },
            directory: directory,
            input: Array(JSONText.data(alert)) + [UInt8(ascii: "\n")],
            outputLimit: Limits.shownOutputBytes,
            timeout: .seconds(notice.timeoutSeconds)
        )
        let answer: ChildCall.Answer
        do throws(MartletError) {
            answer = try await call.run()
        } catch {
            throw failure("\(program) does not start", reason: error.reason)
        }
        if answer.cause == .itself, answer.exitCode == 0 { return }
        let ending =
            switch answer.cause {
            case .timeout: "ran longer than \(Duration.seconds(notice.timeoutSeconds).shortText)"
            case .cancelled: "was ended because Martlet ends"
            case .itself, .limit:
                answer.exitCode.map { "ended with exit code \($0)" } ?? "was ended by signal \(answer.signal ?? 0)"
            }
        let printed = answer.errors.isEmpty ? String(decoding: answer.output, as: UTF8.self) : answer.errors
        throw failure("\(program) \(ending)", reason: printed.isEmpty ? nil : printed)
    }

    private func failure(_ what: String, reason: String?) -> MartletError {
        MartletError(
            .notifierFailed,
            mask("notifier \(name) did not take the alert: \(what)"),
            reason: reason.map(mask),
            remedy: "try it yourself: give it a line of .martlet/alerts.jsonl on standard input"
        )
    }
}
