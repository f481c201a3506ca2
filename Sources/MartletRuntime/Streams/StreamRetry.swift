import MartletCore

/// Tries what may succeed later again, with pauses that grow.
struct StreamRetry: Sendable {
    /// How often at most it is tried again.
    let retries: Int
    /// The pause before try number n, from 1.
    let backoff: @Sendable (Int) -> Duration
    let timer: StreamTimer

    /// Calls `body` until it gives a value.
    ///
    /// - Throws: ``StreamError``: the last one, or at once one that is not retriable; cancelled when the task was cancelled
    ///   in a pause.
    func run<Value>(_ body: () async throws(StreamError) -> Value) async throws(StreamError) -> Value {
        var attempt = 0
        while true {
            do throws(StreamError) {
                return try await body()
            } catch {
                attempt += 1
                guard error.disposition == .retriable, attempt <= retries else { throw error }
                do { try await timer.sleep(backoff(attempt)) } catch { throw .cancelled }
            }
        }
    }
}
