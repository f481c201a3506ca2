public import MartletCore
public import MartletScheduling
import Synchronization

/// Shares slots among all runs that this process executes: the one planner, and whom to tell.
public final class Admission: Sendable {
    private struct State {
        var planner: Planner
        /// How each run is told that one of its instances may start.
        var listeners: [RunID: @Sendable ([InstanceID]) -> Void] = [:]
    }

    private let state: Mutex<State>

    /// Shares what `limits` leaves.
    public init(limits: PlannerLimits = PlannerLimits()) {
        state = Mutex(State(planner: Planner(limits: limits)))
    }

    /// What one run tells, all at once, so that what it frees can be given away in the same turn.
    struct Turn: Sendable {
        /// Instances that do not run any more, or do not wait any more.
        var released: [InstanceID] = []
        /// Instances that wait without a process, and whether their pool may count them; for an answer, it does not.
        var suspended: [(instance: InstanceID, holdsPool: Bool)] = []
        /// Instances that are ready.
        var offered: [AdmissionRequest] = []

        var isEmpty: Bool { released.isEmpty && suspended.isEmpty && offered.isEmpty }
    }

    /// What a turn comes to for the run that took it.
    struct Answer: Sendable {
        /// Its instances that start now.
        var granted: [InstanceID] = []
        /// Those of its offers that do not start, by the reason.
        var held: [(reason: String, instances: [InstanceID])] = []
    }

    /// Lets a run take part; `granted` is called from any thread, with what other runs' turns have freed for it.
    func join(_ run: RunID, granted: @escaping @Sendable ([InstanceID]) -> Void) {
        state.withLock { $0.listeners[run] = granted }
    }

    /// Counts instances of a run that wait without a process since before this process began.
    func adopt(_ requests: [(request: AdmissionRequest, holdsPool: Bool)]) {
        state.withLock { state in
            for (request, holdsPool) in requests {
                state.planner.adopt(request)
                state.planner.suspend(request.key, holdsPool: holdsPool)
            }
        }
    }

    /// Takes a run's turn; other runs are told of what it frees for them.
    func take(_ turn: Turn, of run: RunID) -> Answer {
        if turn.isEmpty { return Answer() }
        let (answer, others) = state.withLock { state -> (Answer, [RunID: [InstanceID]]) in
            for instance in turn.released {
                state.planner.release(AdmissionKey(run, instance))
                state.planner.withdraw(AdmissionKey(run, instance))
            }
            for (instance, holdsPool) in turn.suspended {
                state.planner.suspend(AdmissionKey(run, instance), holdsPool: holdsPool)
            }
            for request in turn.offered { state.planner.offer(request) }
            var grants = Dictionary(grouping: state.planner.grants(), by: \.run).mapValues { $0.map(\.instance) }
            var answer = Answer(granted: grants.removeValue(forKey: run) ?? [])
            let granted = Set(answer.granted)
            var held: [String: [InstanceID]] = [:]
            for request in turn.offered where !granted.contains(request.key.instance) {
                guard let gate = state.planner.hold(of: request.key) else { continue }
                held[gate.description, default: []].append(request.key.instance)
            }
            answer.held = held.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            return (answer, grants)
        }
        tell(others)
        return answer
    }

    /// Those of the instances that hold a slot; what was granted may have been given back before its run heard of it.
    func holding(_ instances: [InstanceID], of run: RunID) -> [InstanceID] {
        state.withLock { state in
            instances.filter { state.planner.standing(of: AdmissionKey(run, $0)) == .running }
        }
    }

    /// Forgets a run and gives away what it held.
    func leave(_ run: RunID) {
        let grants = state.withLock { state -> [AdmissionKey] in
            state.listeners[run] = nil
            state.planner.forget(run)
            return state.planner.grants()
        }
        tell(Dictionary(grouping: grants, by: \.run).mapValues { $0.map(\.instance) })
    }

    /// Sets pools and total slots; what runs goes on.
    public func setLimits(_ limits: PlannerLimits) { change { $0.setLimits(limits) } }

    /// Starts nothing new of a pipeline, or lets it go on.
    public func setPaused(_ isPaused: Bool, pipeline: PipelineID) {
        change { $0.setPaused(isPaused, pipeline: pipeline) }
    }

    private func change(_ body: (inout Planner) -> Void) {
        let grants = state.withLock { state -> [AdmissionKey] in
            body(&state.planner)
            return state.planner.grants()
        }
        tell(Dictionary(grouping: grants, by: \.run).mapValues { $0.map(\.instance) })
    }

    private func tell(_ grants: [RunID: [InstanceID]]) {
        for (run, instances) in grants { state.withLock { $0.listeners[run] }?(instances) }
    }
}
