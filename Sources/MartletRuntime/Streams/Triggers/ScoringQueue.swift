import MartletCore

/// Decides what is scored next, and what a failure means: pure, with the time as a parameter.
///
/// A batch that fails is tried again after a while; then it is cut in halves, until what fails is a single event, which
/// is given up. That needs a scorer that is alive, which only an answer shows: while it has answered nothing, or too
/// many events were given up in a row, the scorer counts as down. Then nothing is given up, but for one event that may
/// stand alone at the end of its topic, after the whole time that a scorer may be down.
struct ScoringQueue: Sendable {
    /// What the queue has to know of the options.
    struct Rules: Sendable {
        var inFlight: Int
        var attempts: Int
        var backoff: Duration
        var backoffCeiling: Duration
        var downLimit: Duration
    }

    /// Events that are scored together.
    struct Batch: Sendable {
        var events: [EventPlace]
        /// How often this batch failed as it is.
        var failures = 0
        /// How often its events were tried, alone or with others.
        var tries = 0
    }

    /// What follows from the end of a try.
    enum Verdict: Sendable {
        /// The events, in the order of the answers.
        case answered([EventPlace])
        /// Tried again later, as it is or in halves.
        case again
        /// Given up.
        case dead(EventPlace, MartletError, tries: Int)
        /// The scorer has been down for too long.
        case down(MartletError)
    }

    private let rules: Rules
    private var ready: [Batch] = []
    private var delayed: [(at: Duration, batch: Batch)] = []
    private var running: [Int: Batch] = [:]
    private var lastNumber = 0
    /// Whether it has answered since it was down.
    private var isAlive = false
    private var givenUpInARow = 0
    /// Whether an event was given up although nothing shows that the scorer is alive.
    private var hasGivenUpUnproven = false
    private var downSince: Duration?
    private var downTries = 0
    /// The failures that the scorer is down with; nil when it is not.
    private(set) var downReason: MartletError?

    init(_ rules: Rules) { self.rules = rules }

    /// Whether the scorer is known to be down.
    var isDown: Bool { downSince != nil }
    /// Whether there is nothing to score.
    var isEmpty: Bool { running.isEmpty && ready.isEmpty && delayed.isEmpty }
    /// How many batches are being scored.
    var inFlight: Int { running.count }
    /// How many events are being scored.
    var eventsInFlight: Int { running.values.reduce(0) { $0 + $1.events.count } }
    /// When a batch that waits is due.
    var nextDue: Duration? { delayed.map(\.at).min() }
    /// Whether there is room for another batch.
    var hasRoom: Bool {
        // While it is down there is one batch that finds out whether it still is, unless its partitions went.
        if isDown { return isEmpty }
        return running.count + ready.count < rules.inFlight && delayed.count <= rules.inFlight
    }

    /// Adds a new batch.
    mutating func add(_ events: [EventPlace]) { if !events.isEmpty { ready.append(Batch(events: events)) } }

    /// Starts the next batch, if one may start, without the events that are gone.
    mutating func start(
        at now: Duration,
        _ isThere: (EventPlace) -> Bool
    ) -> (number: Int, events: [EventPlace])? {
        while running.count < (isDown ? 1 : rules.inFlight), var batch = takeNext(now) {
            batch.events.removeAll { !isThere($0) }
            if !batch.events.isEmpty { return run(batch) }
        }
        return nil
    }

    private mutating func takeNext(_ now: Duration) -> Batch? {
        if let due = delayed.indices.filter({ delayed[$0].at <= now }).min(by: { delayed[$0].at < delayed[$1].at }) {
            return delayed.remove(at: due).batch
        }
        return ready.isEmpty || isDown && !delayed.isEmpty ? nil : ready.removeFirst()
    }

    private mutating func run(_ batch: Batch) -> (number: Int, events: [EventPlace]) {
        lastNumber += 1
        running[lastNumber] = batch
        return (lastNumber, batch.events)
    }

    /// Notes that a batch was answered.
    mutating func succeed(_ number: Int) -> Verdict {
        guard let batch = running.removeValue(forKey: number) else { return .again }
        isAlive = true
        givenUpInARow = 0
        hasGivenUpUnproven = false
        rise()
        return .answered(batch.events)
    }

    private mutating func rise() {
        downSince = nil
        downReason = nil
        downTries = 0
    }

    /// Notes that a batch failed.
    mutating func fail(_ number: Int, _ failure: ScorerFailure, at now: Duration) -> Verdict {
        guard var batch = running.removeValue(forKey: number) else { return .again }
        if failure.kind == .unavailable { return hold(batch, failure.failure, at: now) }
        batch.failures += 1
        batch.tries += 1
        if batch.failures < rules.attempts {
            delayed.append((now + wait(batch.failures), batch))
            return .again
        }
        guard batch.events.count == 1, let event = batch.events.first else {
            let middle = batch.events.count / 2
            for half in [batch.events[..<middle], batch.events[middle...]] {
                // A half that is not a single event has one try, so that the culprit is found soon.
                let failures = half.count > 1 ? rules.attempts - 1 : 0
                delayed.append((now, Batch(events: Array(half), failures: failures, tries: batch.tries)))
            }
            return .again
        }
        if isAlive, givenUpInARow < Limits.triggerGivenUpInARow {
            givenUpInARow += 1
            return .dead(event, failure.failure, tries: batch.tries)
        }
        isAlive = false
        let verdict = hold(batch, failure.failure, at: now)
        guard case .down = verdict, !hasGivenUpUnproven else { return verdict }
        hasGivenUpUnproven = true
        rise()
        return .dead(event, failure.failure, tries: batch.tries)
    }

    private mutating func hold(_ batch: Batch, _ reason: MartletError, at now: Duration) -> Verdict {
        let since = downSince ?? now
        downSince = since
        downReason = reason
        downTries += 1
        if now - since >= rules.downLimit, downTries > 1 { return .down(reason) }
        var batch = batch
        batch.failures = max(batch.failures - 1, 0)
        delayed.append((now + wait(downTries), batch))
        return .again
    }

    /// The wait before the next try of something that failed so often.
    private func wait(_ failures: Int) -> Duration {
        min(rules.backoffCeiling, rules.backoff * (1 << min(max(failures - 1, 0), 30)))
    }

    /// Whether events of some assignments are being scored.
    func isScoring(_ slots: Set<Int>) -> Bool {
        running.values.contains { $0.events.contains { slots.contains($0.slot) } }
    }

    /// Forgets events of assignments, except those that are being scored.
    mutating func drop(_ slots: Set<Int>) {
        for index in ready.indices { ready[index].events.removeAll { slots.contains($0.slot) } }
        for index in delayed.indices { delayed[index].batch.events.removeAll { slots.contains($0.slot) } }
        ready.removeAll(where: \.events.isEmpty)
        delayed.removeAll(where: \.batch.events.isEmpty)
    }

    /// Forgets all that is not being scored.
    mutating func dropWaiting() {
        ready = []
        delayed = []
    }
}
