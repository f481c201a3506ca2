import MartletCore
import Synchronization

/// Wakes one task, at once or after a pause; what rings while it is awake wakes it once more.
final class Bell: Sendable {
    private let clock: any Clock<Duration>
    private let rings: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation
    private let alarm = Mutex<Task<Void, Never>?>(nil)

    init(_ clock: any Clock<Duration>) {
        self.clock = clock
        (rings, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { ringer.yield() }

    /// Waits until it rings, or for as long as `pause`; nil waits for a ring alone.
    ///
    /// False when the task is cancelled.
    func wait(atMost pause: Duration?) async -> Bool {
        if Task.isCancelled { return false }
        if let pause {
            let (clock, ringer) = (clock, ringer)
            let task = Task {
                try? await clock.sleep(for: pause)
                if !Task.isCancelled { ringer.yield() }
            }
            alarm.withLock { $0 = task }
        }
        var iterator = rings.makeAsyncIterator()
        let rang: Void? = await iterator.next()
        alarm.withLock { alarm in
            alarm?.cancel()
            alarm = nil
        }
        return rang != nil && !Task.isCancelled
    }
}
