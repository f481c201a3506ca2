public import MartletCore
import Synchronization

/// A clock that stands still until a test advances it.
///
/// Sleepers wake in the order of their deadlines, and of their coming where deadlines are equal. A test first awaits
/// ``untilAsleep(_:)``, which tells it that the code under test has come to rest, and then advances:
///
///     let step = Task { try await retry(on: clock) }
///     await clock.untilAsleep(1)
///     clock.advance(by: .seconds(5))
public final class ManualClock: Clock, Sendable {
    /// A point in time: how long after the clock's start.
    public struct Instant: InstantProtocol, Sendable {
        /// The time since the clock's start.
        public var offset: Duration

        /// The point so long after the clock's start.
        public init(offset: Duration) { self.offset = offset }

        /// The point `duration` later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// The time from this point to `other`; negative when `other` is earlier.
        public func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Whether `left` is the earlier point.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let epoch: Timestamp
    private let state = Mutex(State())

    /// A clock whose wall time starts at `epoch`.
    public init(epoch: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000)) { self.epoch = epoch }

    /// Where the clock stands; only advancing moves it.
    public var now: Instant { state.withLock { $0.now } }

    /// Zero: the clock tells any two points apart.
    public var minimumResolution: Duration { .zero }

    /// Waits until a test has advanced the clock to `deadline`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let id = state.withLock { $0.arrive() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let sleeper = Sleeper(id: id, deadline: deadline, continuation: continuation)
                state.withLock { $0.lieDown(sleeper) }.run()
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }.run()
        }
    }

    /// Moves the clock on and wakes, in order, everyone whose deadline that passes.
    public func advance(by duration: Duration) { advance(to: now.advanced(by: duration)) }

    /// Moves the clock on to `target`, never back.
    public func advance(to target: Instant) {
        while let resumption = state.withLock({ $0.wakeNext(before: target) }) { resumption.run() }
    }

    /// Moves the clock to the next deadline and wakes whoever waits for it; does nothing when nobody sleeps.
    public func advanceToNextDeadline() {
        if let deadline = nextDeadline { advance(to: deadline) }
    }

    /// When the next sleeper wakes.
    public var nextDeadline: Instant? { state.withLock { $0.sleepers.first?.deadline } }

    /// Waits until at least `count` tasks are asleep.
    public func untilAsleep(_ count: Int) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.observe(count, continuation) }.run()
        }
    }

    /// The wall time of this clock.
    public var wallTime: ManualTime { ManualTime(clock: self, epoch: epoch) }
}

/// The wall time of a ``ManualClock``.
public struct ManualTime: TimeSource {
    let clock: ManualClock
    let epoch: Timestamp

    /// The clock's epoch plus the time it has been advanced by.
    public var now: Timestamp { epoch + clock.now.offset }
}

extension ManualClock {
    private struct Sleeper {
        let id: Int
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    /// Continuations to resume once the lock is released.
    private struct Resumption {
        var woken: CheckedContinuation<Void, any Error>?
        var cancelled: CheckedContinuation<Void, any Error>?
        var observers: [CheckedContinuation<Void, Never>] = []

        func run() {
            woken?.resume()
            cancelled?.resume(throwing: CancellationError())
            for observer in observers { observer.resume() }
        }
    }

    private struct State {
        var now = Instant(offset: .zero)
        /// In the order of waking.
        var sleepers: [Sleeper] = []
        private var lastID = 0
        /// Who has come but does not sleep yet; whoever is cancelled by then is taken out.
        private var arriving: Set<Int> = []
        private var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

        mutating func arrive() -> Int {
            lastID += 1
            arriving.insert(lastID)
            return lastID
        }

        mutating func lieDown(_ sleeper: Sleeper) -> Resumption {
            if arriving.remove(sleeper.id) == nil { return Resumption(cancelled: sleeper.continuation) }
            if sleeper.deadline <= now { return Resumption(woken: sleeper.continuation) }
            let index = sleepers.firstIndex { $0.deadline > sleeper.deadline } ?? sleepers.endIndex
            sleepers.insert(sleeper, at: index)
            let satisfied = observers.filter { $0.count <= sleepers.count }
            observers.removeAll { $0.count <= sleepers.count }
            return Resumption(observers: satisfied.map(\.continuation))
        }

        mutating func cancel(_ id: Int) -> Resumption {
            arriving.remove(id)
            guard let index = sleepers.firstIndex(where: { $0.id == id }) else { return Resumption() }
            return Resumption(cancelled: sleepers.remove(at: index).continuation)
        }

        /// Wakes the first sleeper whose deadline is not after `target`; nil, and `target` is now, when there is none.
        mutating func wakeNext(before target: Instant) -> Resumption? {
            guard let first = sleepers.first, first.deadline <= target else {
                now = max(now, target)
                return nil
            }
            now = max(now, first.deadline)
            sleepers.removeFirst()
            return Resumption(woken: first.continuation)
        }

        mutating func observe(_ count: Int, _ continuation: CheckedContinuation<Void, Never>) -> Resumption {
            if sleepers.count >= count { return Resumption(observers: [continuation]) }
            observers.append((count, continuation))
            return Resumption()
        }
    }
}
