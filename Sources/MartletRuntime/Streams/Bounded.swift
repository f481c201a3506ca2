import MartletCore
import Synchronization

/// Does something to its end, whatever becomes of the calling task, but does not wait for it for ever.
enum Bounded {
    private typealias Outcome = Result<Void, MartletError>

    /// Runs `body` in a task that nobody cancels.
    ///
    /// - Parameters:
    ///   - limit: how long to wait for it; nil for as long as it takes. What takes longer goes on by itself.
    ///   - timer: the clock to wait by.
    ///   - body: what to do.
    /// - Throws: what `body` throws; MT6066 after `limit`.
    static func run(
        _ limit: Duration?,
        _ timer: StreamTimer,
        _ body: @escaping @Sendable () async throws(MartletError) -> Void
    ) async throws(MartletError) {
        let work = Task { await Result { () async throws(MartletError) in try await body() } }
        guard let limit else { return try await work.value.get() }
        let first = First()
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
            first.expect(continuation)
            let alarm = Task {
                do { try await timer.sleep(limit) } catch { return }
                first.come(.failure(late(limit)))
            }
            Task {
                first.come(await work.value)
                alarm.cancel()
            }
        }
        try outcome.get()
    }

    private static func late(_ limit: Duration) -> MartletError {
        MartletError(
            .streamCloseTimedOut,
            "the stream's last results were not committed within \(Int(limit.seconds)) seconds",
            reason: "the place for results, or its broker, does not answer",
            remedy: "start the stream again: it goes on from the last cut that was committed, and nothing counts twice"
        )
    }

    /// The first of two outcomes.
    private final class First: Sendable {
        private let continuation = Mutex<CheckedContinuation<Outcome, Never>?>(nil)

        func expect(_ waiting: CheckedContinuation<Outcome, Never>) { continuation.withLock { $0 = waiting } }

        func come(_ outcome: Outcome) {
            let waiting = continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }
            waiting?.resume(returning: outcome)
        }
    }
}

/// Tells brokers how far a stream is, for those who watch its lag: nothing else depends on it.
final class OffsetTellings: Sendable {
    private let count = Mutex<Int64>(0)

    /// How many could not be told.
    var failures: Int64 { count.withLock(\.self) }

    /// Tells these offsets.
    func tell(
        _ offsets: [TopicPartition: Int64],
        to source: any StreamSource,
        _ observer: any StreamRunObserver
    ) async {
        do throws(StreamError) {
            try await source.commit(offsets.mapValues { CommittedOffset($0) })
        } catch {
            if error.disposition == .cancelled { return }
            count.withLock { $0 += 1 }
            observer.notices(.offsetsNotTold(error))
        }
    }
}

extension Result {
    /// What an asynchronous call gives or throws.
    init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
