import MartletCore
import MartletScheduling

/// When promised times are over, for all unfinished runs.
struct DeadlineWatch {
    struct Item: Hashable {
        var due: Timestamp
        var run: RunID
        var pipeline: PipelineID
        var deadline: Int
        var notify: [String]
    }

    private var items: [Item] = []
    private var known: Set<RunID> = []

    /// When the next is over.
    var next: Timestamp? { items.first?.due }

    mutating func watch(_ run: RunID, _ new: [Item]) {
        items.removeAll { $0.run == run }
        known.insert(run)
        items = (items + new).sorted { $0.due < $1.due }
    }

    mutating func forget(_ run: RunID) {
        guard known.remove(run) != nil else { return }
        items.removeAll { $0.run == run }
    }

    /// Those that are over, which are forgotten.
    mutating func takeMissed(at now: Timestamp) -> [Item] {
        let missed = items.prefix { $0.due <= now }
        items.removeFirst(missed.count)
        return Array(missed)
    }
}

// Runs that are not done when they should be.
extension SchedulerService {
    /// Works out anew when the run has to be done, by the pipeline's newest version; also after it was started or
    /// cleared.
    func watchDeadlines(of run: RunID, _ pipeline: PipelineID) async throws(MartletError) {
        guard let policy = entries[pipeline]?.manifest.policy, !policy.deadlines.isEmpty else { return }
        let (machine, log) = try await dependencies.runs.load(run)
        guard !machine.state.isTerminal, let created = log.first?.at else { return deadlines.forget(run) }
        let missed = missedDeadlines(in: log, policy)
        var items: [DeadlineWatch.Item] = []
        for (index, spec) in policy.deadlines.enumerated() where !missed.contains(index) {
            let facts = DeadlineFacts(
                scheduledAt: machine.created.occasion.runAfter ?? machine.created.occasion.logicalDate,
                queuedAt: machine.queuedAt ?? created,
                startedAt: machine.startedAt,
                recentSeconds: spec.from == .average ? try await pastSeconds(of: pipeline, spec.runs) : []
            )
            guard let due = spec.due(facts) else { continue }
            items.append(
                DeadlineWatch.Item(due: due, run: run, pipeline: pipeline, deadline: index, notify: spec.notify)
            )
        }
        deadlines.watch(run, items)
    }

    private func missedDeadlines(in events: [RecordedEvent], _ policy: PipelinePolicy) -> Set<Int> {
        let last = events.lastIndex { if case .cleared = $0.event { true } else { false } } ?? -1
        var missed: Set<Int> = []
        for (index, entry) in events.enumerated() {
            guard case .deadlineMissed(let miss) = entry.event, policy.deadlines.indices.contains(miss.deadline) else {
                continue
            }
            // What is counted from the run's own times is counted anew once the run was cleared.
            if index > last || !policy.deadlines[miss.deadline].from.isRelative { missed.insert(miss.deadline) }
        }
        return missed
    }

    private func pastSeconds(of pipeline: PipelineID, _ count: Int) async throws(MartletError) -> [Double] {
        try await dependencies.project.endedRuns(of: pipeline, limit: count * 3)
            .filter { $0.state == .success }
            .prefix(count)
            .compactMap { run in
                guard let started = run.startedAt, let ended = run.finishedAt else { return nil }
                return (ended - started) / .seconds(1)
            }
    }

    func tellMissedDeadlines() async throws(MartletError) {
        for item in deadlines.takeMissed(at: now) {
            let miss = DeadlineMiss(deadline: item.deadline, due: item.due)
            let events: [RunEvent]
            do throws(MartletError) {
                events = try await apply(to: item.run) { _ throws(MartletError) in .missDeadline(miss) }
            } catch  where !error.isOfTheStore {
                continue
            }
            // Nothing is recorded when the run has ended in the meantime.
            if events.isEmpty { continue }
            try await send(
                Alert(
                    id: "deadline_missed/\(item.run)/\(item.deadline)/\(item.due)",
                    kind: .deadlineMissed,
                    at: now,
                    text: "run \(item.run) is not done; it should be by \(item.due)",
                    pipeline: item.pipeline,
                    run: item.run
                ),
                to: item.notify.map(NotifierID.init(trusted:))
            )
        }
    }
}
