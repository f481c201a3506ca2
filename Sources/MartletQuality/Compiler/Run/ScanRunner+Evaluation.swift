import MartletCore
import Synchronization

/// Rows that Swift looks at.
extension ScanRunner {
    func evaluate(_ need: EvaluationNeed, _ scan: Scan, into answers: inout Answers) async throws(MartletError) {
        let fold = EvaluationFold(need, isGrouped: planner.isGrouped(need))
        do {
            try await session.stream(scan.sql) { (piece) throws(MartletError) in try fold.take(piece.rows) }
        } catch {
            // A full fold ended the query itself.
            guard !fold.isFull else { return answers.set(.evaluation(need), .evaluation(fold.evaluation)) }
            if error.code == .sqlCancelled { throw error }
            return answers.set(.evaluation(need), failure: fold.failure ?? .scanFailed(scan, error))
        }
        answers.set(.evaluation(need), .evaluation(fold.evaluation))
    }

    /// The rows of `sql` that do not pass the test of `need`, up to its limit.
    ///
    /// - Throws: what the test and the query throw.
    func unexpectedRows(_ need: EvaluationNeed, _ sql: String) async throws(MartletError) -> [[SQLValue]] {
        let fold = EvaluationFold(need, isGrouped: false)
        do {
            try await session.stream(sql) { (piece) throws(MartletError) in try fold.take(piece.rows) }
        } catch {
            guard fold.isFull else { throw fold.failure ?? error }
        }
        return fold.evaluation.rows
    }
}

/// Looks at rows as they come.
private final class EvaluationFold: Sendable {
    private struct State {
        var evaluation = Evaluation()
        var isFull = false
        var failure: MartletError?
    }

    private let need: EvaluationNeed
    private let isGrouped: Bool
    private let state = Mutex(State())

    init(_ need: EvaluationNeed, isGrouped: Bool) {
        self.need = need
        self.isGrouped = isGrouped
    }

    var evaluation: Evaluation { state.withLock(\.evaluation) }
    var isFull: Bool { state.withLock(\.isFull) }
    var failure: MartletError? { state.withLock(\.failure) }

    func take(_ rows: [[SQLValue]]) throws(MartletError) {
        let error = state.withLock { (state) -> MartletError? in
            for row in rows {
                do throws(MartletError) {
                    if try need.test(Array(row.prefix(need.values.count))) { continue }
                } catch {
                    state.failure = error
                    return error
                }
                let times = isGrouped ? row.last.flatMap { CheckScope.whole([$0], 0) } ?? 1 : 1
                state.evaluation.unexpected += times
                guard let limit = need.limit else { continue }
                state.evaluation.rows.append(row)
                // There is no other way to end a query early than to fail.
                if state.evaluation.rows.count >= limit {
                    state.isFull = true
                    return MartletError(.checkQueryFailed, "enough rows were found")
                }
            }
            return nil
        }
        if let error { throw error }
    }
}
