import MartletCore

/// Checks that count rows.
extension CheckScope {
    /// The step that counts what is not as expected, and then fetches some of it.
    func counting(_ check: Check, _ test: RowTest) -> CheckStep {
        let elements = rowCount(test.rows)
        let kept = keptCount(test)
        let unexpected = unexpectedNeed(check, test)
        var needs: [Need] = [.scalar(elements), unexpected.need]
        if let kept { needs.append(.scalar(kept)) }
        let metric = test.metric
        return .needs(needs) { (answers) throws(CheckFailure) in
            let total = try answers.count(elements, "\(metric).condition")
            let keptCount = try kept.map { (need) throws(CheckFailure) in
                try answers.count(need, "\(metric).condition")
            }
            let missing = test.countsMissing ? total - (keptCount ?? total) : 0
            let counted = try unexpected.count(answers)
            let counts = RowCounts(
                elementCount: total,
                missingCount: test.countsMissing ? missing : nil,
                unexpectedCount: counted
            )
            let outcome = CheckOutcome(
                success: Self.isEnough(total - missing, counted, mostly: check.mostly),
                observation: .counts(counts)
            )
            return self.sampling(check, test, counts, outcome)
        }
    }

    /// Whether enough values are as expected; none at all are enough.
    static func isEnough(_ nonnull: Int, _ unexpected: Int, mostly: Double) -> Bool {
        nonnull <= 0 || Double(nonnull - unexpected) / Double(nonnull) >= mostly
    }

    private func keptCount(_ test: RowTest) -> ScalarNeed? {
        guard let kept = test.kept else { return nil }
        // One column's values are counted the same way for all its checks.
        if test.values.count == 1, test.shape == .scalar { return valueCount(test.values[0], test.rows) }
        return ScalarNeed(.tally(SQLCondition.and([test.rows, kept]) ?? kept))
    }

    private struct UnexpectedNeed: Sendable {
        var need: Need
        var count: @Sendable (Answers) throws(CheckFailure) -> Int
    }

    private func unexpectedNeed(_ check: Check, _ test: RowTest) -> UnexpectedNeed {
        let metric = "\(test.metric).unexpected_count"
        switch test.unexpected {
        case .condition(let condition, let needsKept):
            let taken = SQLCondition.and([test.rows, needsKept ? test.kept : nil, condition]) ?? condition
            let isAll = test.rows == nil
            let column = test.values.first
            let isSingle = isAll && test.values.count == 1 && test.shape == .scalar && !test.countsMissingNothing
            let need = ScalarNeed(
                .tally(taken),
                fact: isAll ? fact(test) : nil,
                column: isSingle && column?.kind == .text ? column?.name : nil,
                isDear: test.isDear
            )
            return UnexpectedNeed(need: .scalar(need)) { (answers) throws(CheckFailure) in
                try answers.count(need, metric)
            }
        case .duplicate(let keys, let column):
            // When only a verdict is told, fewer distinct values than values say enough; who shares one takes longer.
            let asksWhether = format.level == .booleanOnly && check.mostly == 1 && keys.count == 1
            let need = GroupNeed(
                keys: keys,
                rows: SQLCondition.and([test.taking, matchable(keys)]),
                column: test.rows == nil ? column : nil,
                countsShared: !asksWhether
            )
            let values = keptCount(test) ?? rowCount(test.rows)
            return UnexpectedNeed(need: .groups(need)) { (answers) throws(CheckFailure) in
                let groups = try answers.groups(need, metric)
                if let shared = groups.shared { return shared }
                return asksWhether ? try answers.count(values, metric) - groups.distinct : 0
            }
        case .ordered:
            let need = RowsNeed(
                sql: "SELECT count(*) FROM \(orderedSource(test, extra: []))",
                purpose: "values against those before them"
            )
            return UnexpectedNeed(need: .rows(need)) { (answers) throws(CheckFailure) in
                guard case .integer(let count) = try answers.table(need, metric).rows.first?.first else { return 0 }
                return Int(count)
            }
        case .evaluated(let values, let column, let evaluate):
            let need = EvaluationNeed(
                check: check.index,
                values: values,
                places: [],
                source: relation,
                rows: test.taking,
                column: test.rows == nil ? column : nil,
                limit: nil,
                test: evaluate
            )
            return UnexpectedNeed(need: .evaluation(need)) { (answers) throws(CheckFailure) in
                try answers.evaluation(need, metric).unexpected
            }
        }
    }

    private func fact(_ test: RowTest) -> Fact? { test.fact }

    /// In SQL a null key is equal to no other, so that rows with one never share it; in pandas it is.
    func matchable(_ keys: [String]) -> String? {
        guard semantics == .sql, keys.count > 1 else { return nil }
        return keys.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
    }

    /// Rows out of order, with `extra` columns, in their order.
    func orderedSource(_ test: RowTest, extra: [String]) -> String {
        guard case .ordered(let value, let previous, let condition) = test.unexpected else { return relation }
        let columns = (["*", "lag(\(value)) OVER () AS \(previous)"] + extra).joined(separator: ", ")
        return "(SELECT \(columns) FROM \(relation)\(SQLCondition.clause(test.taking))) AS ordered WHERE \(condition)"
    }
}

extension RowTest {
    /// Whether nulls themselves are tested, which distinct values tell as well, but files' statistics tell best.
    fileprivate var countsMissingNothing: Bool { !countsMissing }
}
