import MartletCore
import MartletScheduling

/// All waits of a process: who sleeps until when, who is due, who is being looked at.
///
/// A value without effects.
struct WaitTable {
    typealias Resolve = @Sendable (WaitResolution) -> Void

    /// A look that is to be made now.
    struct Look: Sendable {
        var request: WaitRequest
        var ticket: Ticket
    }

    /// Tells a wait from an earlier one of the same key.
    struct Ticket: Hashable, Sendable {
        var key: WaitKey
        var number: Int
    }

    /// What is to be done now.
    struct Turn {
        var looks: [Look] = []
        var ended: [(key: WaitKey, resolve: Resolve, resolution: WaitResolution)] = []
        /// When the next wait is due; nil when none is.
        var next: Timestamp?
    }

    private enum Phase {
        case asleep
        case queued
        case looking(cancel: (@Sendable () -> Void)?)
    }

    private struct Wait {
        var schedule: WaitSchedule
        var resolve: Resolve
        var number: Int
        var phase = Phase.asleep
        var due: Timestamp?
        /// Whether someone else than the clock has asked for the look that is due or being made.
        var isPushed = false
        /// Whether someone has asked for a look while one was being made.
        var isPushedAgain = false
        var lastPushedLook: Timestamp?
    }

    /// Looks that share a limit.
    private struct Lane {
        var limit: Int
        var running = 0
        var queue = Queue<Ticket>()
    }

    private var waits: [WaitKey: Wait] = [:]
    private var timers = TimerHeap<Ticket>()
    private var quick = Lane(limit: Limits.looksAtOnce)
    private var queries = Lane(limit: Limits.queriesAtOnce)
    private var byDataset: [DatasetID: Set<WaitKey>] = [:]
    private var byPipeline: [PipelineID: Set<WaitKey>] = [:]
    private var lastNumber = 0

    /// How many waits there are.
    var count: Int { waits.count }

    /// How many timers are kept, those left behind among them.
    var timerCount: Int { timers.count }

    /// The keys of all waits, in no order.
    var keys: [WaitKey] { Array(waits.keys) }

    /// Adds a wait; an earlier one of the same key is forgotten, and what ends its look is returned.
    @discardableResult
    mutating func add(_ schedule: WaitSchedule, resolve: @escaping Resolve) -> (@Sendable () -> Void)? {
        let key = schedule.request.key
        let end = remove(key)
        lastNumber += 1
        waits[key] = Wait(schedule: schedule, resolve: resolve, number: lastNumber)
        switch schedule.request.subject {
        case .dataset(let dataset, _): byDataset[dataset, default: []].insert(key)
        case .step(let wait, _): byPipeline[wait.pipeline, default: []].insert(key)
        case .file, .instant, .http, .sql, .answer: break
        }
        if let due = schedule.nextLook { sleep(key, until: due) }
        return end
    }

    /// Forgets a wait; returns what ends a look that is being made.
    @discardableResult
    mutating func remove(_ key: WaitKey) -> (@Sendable () -> Void)? {
        guard let wait = waits.removeValue(forKey: key) else { return nil }
        switch wait.schedule.request.subject {
        case .dataset(let dataset, _):
            byDataset[dataset]?.remove(key)
            if byDataset[dataset]?.isEmpty == true { byDataset[dataset] = nil }
        case .step(let other, _):
            byPipeline[other.pipeline]?.remove(key)
            if byPipeline[other.pipeline]?.isEmpty == true { byPipeline[other.pipeline] = nil }
        case .file, .instant, .http, .sql, .answer: break
        }
        if case .looking(let cancel) = wait.phase { return cancel }
        return nil
    }

    /// Takes note that the waits that `push` means should look again; returns whether there are any.
    mutating func wake(_ push: WaitPush, at now: Timestamp) -> Bool {
        let keys: Set<WaitKey> =
            switch push {
            case .wait(let key): waits[key] == nil ? [] : [key]
            case .dataset(let dataset): byDataset[dataset] ?? []
            case .pipeline(let pipeline): byPipeline[pipeline] ?? []
            }
        for key in keys { wake(key, at: now) }
        return !keys.isEmpty
    }

    private mutating func wake(_ key: WaitKey, at now: Timestamp) {
        guard let wait = waits[key] else { return }
        switch wait.phase {
        case .queued: return
        case .looking: waits[key]?.isPushedAgain = true
        case .asleep:
            // The first push is followed at once; what pushes without end is held back.
            let earliest = wait.lastPushedLook.map { $0 + .milliseconds(Limits.pushedLookMilliseconds) } ?? now
            let due = max(now, earliest)
            if let planned = wait.due, planned <= due { return }
            sleep(key, until: due)
            waits[key]?.isPushed = true
        }
    }

    /// What is due at `now`.
    mutating func turn(at now: Timestamp) -> Turn {
        var turn = Turn()
        while let first = timers.first, first.due <= now || !isCurrent(first.value, first.due) {
            timers.removeFirst()
            guard isCurrent(first.value, first.due), let wait = waits[first.value.key] else { continue }
            switch wait.schedule.request.subject {
            case .answer:
                if let ended = take(.notYet(reason: "nobody has answered"), for: first.value, at: now) {
                    turn.ended.append(ended)
                }
            case .sql:
                waits[first.value.key]?.phase = .queued
                queries.queue.append(first.value)
            case .file, .dataset, .instant, .step, .http:
                waits[first.value.key]?.phase = .queued
                quick.queue.append(first.value)
            }
        }
        launch(\.quick, &turn, now)
        launch(\.queries, &turn, now)
        turn.next = timers.first?.due
        return turn
    }

    private mutating func launch(_ lane: WritableKeyPath<WaitTable, Lane>, _ turn: inout Turn, _ now: Timestamp) {
        while self[keyPath: lane].running < self[keyPath: lane].limit,
            let ticket = self[keyPath: lane].queue.popFirst()
        {
            guard let wait = waits[ticket.key], wait.number == ticket.number else { continue }
            waits[ticket.key]?.phase = .looking(cancel: nil)
            waits[ticket.key]?.due = nil
            if wait.isPushed { waits[ticket.key]?.lastPushedLook = now }
            self[keyPath: lane].running += 1
            turn.looks.append(Look(request: wait.schedule.request, ticket: ticket))
        }
    }

    /// Takes note of how to end a look that is being made; false when nobody wants its result any more.
    mutating func note(_ ticket: Ticket, cancel: @escaping @Sendable () -> Void) -> Bool {
        guard waits[ticket.key]?.number == ticket.number else { return false }
        waits[ticket.key]?.phase = .looking(cancel: cancel)
        return true
    }

    /// Takes what a look found; returns what is to be told to whom, when the wait is over.
    mutating func finish(
        _ look: Look,
        _ result: WaitResult,
        at now: Timestamp
    ) -> (key: WaitKey, resolve: Resolve, resolution: WaitResolution)? {
        if case .sql = look.request.subject { queries.running -= 1 } else { quick.running -= 1 }
        return take(result, for: look.ticket, at: now)
    }

    private mutating func take(
        _ result: WaitResult,
        for ticket: Ticket,
        at now: Timestamp
    ) -> (key: WaitKey, resolve: Resolve, resolution: WaitResolution)? {
        let key = ticket.key
        guard var wait = waits[key], wait.number == ticket.number else { return nil }
        let decision = wait.schedule.decide(result, at: now, wasPushed: wait.isPushed)
        let wantsAnother = wait.isPushedAgain
        (wait.isPushed, wait.isPushedAgain, wait.phase, wait.due) = (false, false, .asleep, nil)
        waits[key] = wait
        switch decision {
        case .resolve(let resolution):
            remove(key)
            return (key, wait.resolve, resolution)
        case .look(let due): sleep(key, until: due)
        case .rest: break
        }
        if wantsAnother { wake(key, at: now) }
        return nil
    }

    /// Gives a wait the answer of a person.
    ///
    /// - Throws: ``MartletError`` MT2052 when the answer is not offered, MT2046 when nothing is asked.
    mutating func answer(
        _ key: WaitKey,
        _ option: String,
        by person: String?
    ) throws(MartletError) -> (key: WaitKey, resolve: Resolve, resolution: WaitResolution) {
        guard let wait = waits[key], case .answer(let action) = wait.schedule.request.subject else {
            throw MartletError(
                .waitImpossible,
                "step \(key.instance) of run \(key.run) does not wait for an answer",
                remedy: "see `martlet runs show \(key.run)`"
            )
        }
        let resolution = try action.answer(option, by: person, for: key.instance)
        remove(key)
        return (key, wait.resolve, resolution)
    }

    /// How a wait stands; nil when there is none of that key.
    func status(_ key: WaitKey) -> WaitStatus? {
        waits[key].map {
            WaitStatus(
                looks: $0.schedule.looks,
                deadline: $0.schedule.deadline,
                nextLook: $0.due,
                reason: $0.schedule.lastReason
            )
        }
    }

    /// The request of a wait; nil when there is none of that key.
    func request(_ key: WaitKey) -> WaitRequest? { waits[key]?.schedule.request }

    private mutating func sleep(_ key: WaitKey, until due: Timestamp) {
        guard let number = waits[key]?.number else { return }
        waits[key]?.due = due
        timers.add(Ticket(key: key, number: number), at: due)
        // Timers of waits that are over, or that were woken before, are left behind until they are many.
        if timers.count > 2 * waits.count + 64 {
            let current = waits
            timers.filter { due, ticket in
                current[ticket.key]?.number == ticket.number && current[ticket.key]?.due == due
            }
        }
    }

    private func isCurrent(_ ticket: Ticket, _ due: Timestamp) -> Bool {
        guard let wait = waits[ticket.key], wait.number == ticket.number, case .asleep = wait.phase else {
            return false
        }
        return wait.due == due
    }
}
