import MartletCore

/// What is known of the data so far.
struct Answers: Sendable {
    /// What came of a need.
    enum Answer: Sendable {
        case value(SQLValue)
        case groups(Groups)
        case values([SQLValue])
        case table(SQLTable)
        case evaluation(Evaluation)
    }

    /// How rows group.
    struct Groups: Hashable, Sendable {
        /// Distinct keys.
        var distinct: Int
        /// Rows whose key another row has as well; nil when not counted.
        var shared: Int?
    }

    private var known: [Need: Result<Answer, MartletError>] = [:]

    func has(_ need: Need) -> Bool { known[need] != nil }

    mutating func set(_ need: Need, _ answer: Answer) { known[need] = .success(answer) }
    mutating func set(_ need: Need, failure: MartletError) { known[need] = .failure(failure) }

    /// Why a need has no answer; nil when it has one.
    func failure(_ need: Need) -> MartletError? {
        if case .failure(let error) = known[need] { error } else { nil }
    }

    /// The answer to `need`.
    ///
    /// - Throws: the failure of `metric` when it could not be answered.
    func answer(_ need: Need, _ metric: String) throws(CheckFailure) -> Answer {
        switch known[need] {
        case .success(let answer): return answer
        case .failure(let error): throw CheckFailure(metric: metric, error: error)
        case nil: throw CheckFailure(metric: metric, error: .unanswered(metric))
        }
    }

    func value(_ need: ScalarNeed, _ metric: String) throws(CheckFailure) -> SQLValue {
        guard case .value(let value) = try answer(.scalar(need), metric) else {
            throw CheckFailure(metric: metric, error: .unanswered(metric))
        }
        return value
    }

    /// A count; no value is 0.
    func count(_ need: ScalarNeed, _ metric: String) throws(CheckFailure) -> Int {
        switch try value(need, metric) {
        case .integer(let value): return Int(value)
        case .wideInteger(let digits): return Int(digits) ?? .max
        case .decimal(let digits): return Int(Double(digits) ?? 0)
        case .double(let value): return Int(exactly: value) ?? 0
        default: return 0
        }
    }

    func groups(_ need: GroupNeed, _ metric: String) throws(CheckFailure) -> Groups {
        guard case .groups(let groups) = try answer(.groups(need), metric) else {
            throw CheckFailure(metric: metric, error: .unanswered(metric))
        }
        return groups
    }

    func values(_ need: RankNeed, _ metric: String) throws(CheckFailure) -> [SQLValue] {
        guard case .values(let values) = try answer(.ranks(need), metric) else {
            throw CheckFailure(metric: metric, error: .unanswered(metric))
        }
        return values
    }

    func table(_ need: RowsNeed, _ metric: String) throws(CheckFailure) -> SQLTable {
        guard case .table(let table) = try answer(.rows(need), metric) else {
            throw CheckFailure(metric: metric, error: .unanswered(metric))
        }
        return table
    }

    func evaluation(_ need: EvaluationNeed, _ metric: String) throws(CheckFailure) -> Evaluation {
        guard case .evaluation(let evaluation) = try answer(.evaluation(need), metric) else {
            throw CheckFailure(metric: metric, error: .unanswered(metric))
        }
        return evaluation
    }
}

extension MartletError {
    fileprivate static func unanswered(_ metric: String) -> MartletError {
        MartletError(.checkQueryFailed, "the scan that serves \(metric) gave no answer")
    }
}
