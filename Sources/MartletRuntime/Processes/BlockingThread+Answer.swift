import MartletCore

extension BlockingThread {
    /// Runs `body` on a thread that may block, and waits for it without holding one of the cooperative pool.
    ///
    /// - Throws: what `body` throws; ``MartletError`` MT2004 when the system has no thread to spare.
    static func run<T: Sendable>(
        _ body: @escaping @Sendable () throws(MartletError) -> T
    ) async throws(MartletError) -> T {
        let result: Result<T, MartletError> = await withCheckedContinuation { continuation in
            let error = start {
                continuation.resume(returning: Result { () throws(MartletError) in try body() })
            }
            if error != 0 {
                let refusal = MartletError(
                    .launchFailed,
                    "cannot start a thread: \(systemMessage(error))",
                    remedy: "raise the limit of processes (`ulimit -u`), or run fewer steps at once"
                )
                continuation.resume(returning: .failure(refusal))
            }
        }
        return try result.get()
    }
}
