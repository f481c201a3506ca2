import CRdkafka
import MartletCore

/// Commits that the brokers have not answered yet.
struct PendingCommits {
    typealias Answer = @Sendable (Result<Void, StreamError>) -> Void

    private struct Pending {
        var expires: ContinuousClock.Instant
        var answer: Answer
    }

    private var pending = [UInt: Pending]()
    private var numbers: UInt = 0

    /// Remembers a commit.
    ///
    /// - Returns: its number, never 0.
    mutating func add(expires: ContinuousClock.Instant, _ answer: @escaping Answer) -> UInt {
        numbers += 1
        pending[numbers] = Pending(expires: expires, answer: answer)
        return numbers
    }

    /// Answers a commit with what the brokers said.
    mutating func finish(
        _ number: UInt,
        _ code: Int32,
        _ offsets: UnsafeMutableBufferPointer<rdk_partition>,
        _ library: KafkaLibrary
    ) {
        guard let commit = pending.removeValue(forKey: number) else { return }
        // Nothing to commit is done at once.
        if code != RDK_CODE_NONE, code != RDK_CODE_NO_OFFSET {
            return commit.answer(.failure(library.error(code, "cannot commit offsets")))
        }
        if let wrong = offsets.first(where: { $0.err != RDK_CODE_NONE && $0.err != RDK_CODE_NO_OFFSET }) {
            let what = "cannot commit the offset of \(PartitionList.partition(wrong))"
            return commit.answer(.failure(library.error(wrong.err, what)))
        }
        commit.answer(.success(()))
    }

    /// Gives up commits that nobody answered in time.
    mutating func expire(at now: ContinuousClock.Instant, _ library: KafkaLibrary) {
        for (number, commit) in pending where commit.expires < now {
            pending[number] = nil
            commit.answer(.failure(library.error(KafkaCode.timedOut, "cannot commit offsets")))
        }
    }

    /// Gives up all commits.
    mutating func failAll(_ error: StreamError) {
        for commit in pending.values { commit.answer(.failure(error)) }
        pending = [:]
    }

    /// Gives up one commit that was not sent.
    mutating func fail(_ number: UInt, _ error: StreamError) {
        pending.removeValue(forKey: number)?.answer(.failure(error))
    }
}
