import NIOCore

/// The thread that the broker's state belongs to: that of an event loop, so that a request whose bytes have come is worked
/// on and answered without another thread being woken.
///
/// What waits for disks to make bytes last is done elsewhere; reading and writing through the system's cache is not.
struct BrokerExecutor {
    private let eventLoop: any EventLoop

    /// The executor on the thread of an event loop.
    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { eventLoop.executor.asUnownedSerialExecutor() }

    /// Runs `work` after all that was given before; never within this call.
    func run(_ work: @escaping @Sendable () -> Void) { eventLoop.execute(work) }

    /// Runs `work`: at once on the broker's own thread, else after all that was given before.
    func runNow(_ work: @escaping @Sendable () -> Void) {
        if eventLoop.inEventLoop { work() } else { eventLoop.execute(work) }
    }
}
