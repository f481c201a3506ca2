public import MartletCore
import Synchronization

/// A launcher without processes: attempts end as scripted, or as a few shell words say.
///
/// Without a script an attempt of `command: [/bin/sh, -c, WORDS]` understands `exit N` and `sleep N` (which only
/// cancellation ends); other programs do not exist, and a step of another kind succeeds.
public final class FakeLauncher: StepLauncher {
    private let script: Mutex<[StepID: [AttemptOutcome]]>
    private let launches = Mutex<[(step: StepID, attempt: Int)]>([])
    private let sleeping: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)

    /// A launcher whose attempts of the named steps end so, in order.
    public init(_ script: [String: [AttemptOutcome]] = [:]) {
        self.script = Mutex(Dictionary(uniqueKeysWithValues: script.map { (StepID(trusted: $0), $1) }))
        sleeping = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// What was launched so far, as `step#attempt`.
    public var launched: [String] { launches.withLock { $0.map { "\($0.step)#\($0.attempt)" } } }

    /// Ends as scripted, or as the words of the step say.
    public func launch(
        _ launch: AttemptLaunch,
        report: @escaping @Sendable (StepMessage) -> Void
    ) async -> AttemptOutcome {
        launches.withLock { $0.append((launch.step.id, launch.context.attempt)) }
        if let scripted = nextScripted(launch.step.id) { return scripted }
        guard case .command(let action) = launch.step.action, let words = action.arguments else {
            return AttemptOutcome(.success, exitCode: 0)
        }
        for (name, input) in launch.context.inputs where input.path.isEmpty {
            let error = MartletError(.inputMissing, "input \(name) is not there")
            return AttemptOutcome(.failed, error: error, retryable: false)
        }
        guard words.count == 3, words[0] == "/bin/sh" else {
            return AttemptOutcome(.failed, error: MartletError(.launchFailed, "cannot start \(words.first ?? "")"))
        }
        return await interpret(words[2], launch.step, report)
    }

    private func nextScripted(_ step: StepID) -> AttemptOutcome? {
        script.withLock { script in
            guard var outcomes = script[step], !outcomes.isEmpty else { return nil }
            let next = outcomes.removeFirst()
            script[step] = outcomes
            return next
        }
    }

    private func interpret(
        _ line: String,
        _ step: StepManifest,
        _ report: @Sendable (StepMessage) -> Void
    ) async -> AttemptOutcome {
        let words = line.split(separator: " ")
        if words.first == "sleep" {
            report(.log(level: "info", text: "asleep"))
            // Nothing is ever sent: the loop ends when the task is cancelled.
            for await _ in sleeping.stream {}
            return AttemptOutcome(.cancelled, signal: 15, error: MartletError(.runCancelled, "cancelled"))
        }
        let code = words.first == "exit" ? words.last.flatMap { Int($0) } ?? 0 : 0
        if step.skipExitCodes.contains(code) { return AttemptOutcome(.skipped, exitCode: code) }
        if code == 0 { return AttemptOutcome(.success, exitCode: 0) }
        return AttemptOutcome(.failed, exitCode: code, error: MartletError(.exitCode, "ended with exit code \(code)"))
    }
}
