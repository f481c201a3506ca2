internal import Foundation
internal import MartletCore

/// Calls that block, away from the threads that Swift's tasks share.
enum Blocking {
    private static let queue = DispatchQueue(label: "martlet.lake", attributes: .concurrent)

    /// Runs `body` on a thread that may block.
    ///
    /// - Throws: what `body` throws.
    static func run<T: Sendable>(
        _ body: @escaping @Sendable () throws(MartletError) -> T
    ) async throws(MartletError) -> T {
        let result: Result<T, MartletError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(MartletError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
