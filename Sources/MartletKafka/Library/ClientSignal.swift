import CRdkafka
import Dispatch
import Synchronization

/// Wakes the thread of a client.
final class ClientSignal: Sendable {
    private let isRaised = Atomic(false)
    private let semaphore = DispatchSemaphore(value: 0)

    /// Wakes the thread, now or when it next waits.
    ///
    /// Many signals before that are one.
    func raise() {
        if !isRaised.exchange(true, ordering: .acquiringAndReleasing) { semaphore.signal() }
    }

    /// Waits for a signal, at most so long.
    ///
    /// The signal is taken down before the caller looks at its queues: what arrives after it looked raises it again.
    func wait(milliseconds: Int) {
        _ = semaphore.wait(timeout: .now() + .milliseconds(milliseconds))
        isRaised.store(false, ordering: .sequentiallyConsistent)
    }

    /// Raises the signal whenever `queue` gets its first entry.
    ///
    /// The signal has to outlive that; see ``ClientQueue``.
    func watch(_ queue: OpaquePointer, _ library: KafkaLibrary) {
        let callback: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Void = { _, opaque in
            guard let opaque else { return }
            Unmanaged<ClientSignal>.fromOpaque(opaque).takeUnretainedValue().raise()
        }
        library.api.queue_cb_event_enable(queue, callback, Unmanaged.passUnretained(self).toOpaque())
    }
}
