import MartletCore
import Synchronization

/// A launcher whose attempts end as a script says, and at once.
final class FakeLauncher: StepLauncher {
    private let script: Mutex<[StepID: [AttemptOutcome]]>
    private let launches = Mutex<[(step: StepID, attempt: Int)]>([])

    init(_ script: [String: [AttemptOutcome]] = [:]) {
        self.script = Mutex(Dictionary(uniqueKeysWithValues: script.map { (StepID(trusted: $0), $1) }))
    }

    var launched: [String] { launches.withLock { $0.map { "\($0.step)#\($0.attempt)" } } }

    func launch(_ launch: AttemptLaunch, report: @escaping @Sendable (StepMessage) -> Void) async -> AttemptOutcome {
        launches.withLock { $0.append((launch.step.id, launch.context.attempt)) }
        return script.withLock { script in
            guard var outcomes = script[launch.step.id], !outcomes.isEmpty else { return AttemptOutcome(.success) }
            let next = outcomes.removeFirst()
            script[launch.step.id] = outcomes
            return next
        }
    }
}
