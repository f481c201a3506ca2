import CLinux
import Foundation
import Glibc
import MartletCore
import Synchronization

/// Threads for work that blocks, kept off the cooperative pool; those that work are as many as running steps.
///
/// One that has done its work is kept for a while, because making and ending a thread for each step costs about as much
/// as all that the step does on it.
enum BlockingThread {
    private static let idle = Mutex<[Worker]>([])

    /// Has a thread run `body`; returns 0, or an errno with nothing started (a limit of the system is reached).
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        guard let worker = idle.withLock({ $0.popLast() }) else { return Worker(body).start() }
        worker.give(body)
        return 0
    }

    /// Keeps a thread for the next one; false when there are enough.
    fileprivate static func keep(_ worker: Worker) -> Bool {
        idle.withLock { idle in
            if idle.count >= Limits.idleThreads { return false }
            idle.append(worker)
            return true
        }
    }

    /// Gives up a thread that was kept; false when it has just been given something to do.
    fileprivate static func drop(_ worker: Worker) -> Bool {
        idle.withLock { idle in
            guard let place = idle.firstIndex(where: { $0 === worker }) else { return false }
            idle.remove(at: place)
            return true
        }
    }
}

/// A thread that does one thing after the other.
private final class Worker: Sendable {
    private let body: Mutex<(@Sendable () -> Void)?>
    private let given = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () -> Void) { self.body = Mutex(body) }

    func give(_ next: @escaping @Sendable () -> Void) {
        body.withLock { $0 = next }
        given.signal()
    }

    /// Starts the thread; returns 0 or an errno.
    ///
    /// Foundation's `Thread` would not tell that it could not start.
    func start() -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 << 10)
        let box = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let error = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Worker>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            box.toOpaque()
        )
        if error != 0 { box.release() }
        return error
    }

    private func run() {
        while let next = body.withLock({ $0.take() }) {
            next()
            guard BlockingThread.keep(self) else { return }
            let end = DispatchTime.now() + .seconds(Limits.idleThreadSeconds)
            if given.wait(timeout: end) == .timedOut {
                if BlockingThread.drop(self) { return }
                given.wait()
            }
        }
    }
}
