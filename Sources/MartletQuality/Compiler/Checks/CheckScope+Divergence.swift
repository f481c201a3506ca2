import MartletCore

/// Checks of a column's distribution.
extension CheckScope {
    func divergence(_ check: Check, _ name: String, _ rule: DivergenceRule) throws(CheckFailure) -> CheckStep {
        let metric = "column.partition"
        let column = try column(name, metric)
        let rows = try rows(check.rows, metric)
        for (share, word) in [
            (rule.tailWeightHoldout, "tail_weight_holdout"), (rule.internalWeightHoldout, "internal_weight_holdout"),
        ] where !(0...1).contains(share) {
            throw invalid("\(word) \(share) is no share", remedy: "give a number between 0 and 1", metric)
        }
        guard let given = rule.partition, given != .null else {
            return rule.bucketizeData
                ? try selfBinned(column, rows, rule) : try categorical(column, rows, rule, expected: nil)
        }
        guard let partition = Partition(given) else {
            throw invalid(
                "the partition_object is not valid",
                remedy: "give as many weights as values, or one fewer than rising bins, which sum to 1",
                metric
            )
        }
        switch partition {
        case .categorical(let values, let weights):
            return try categorical(column, rows, rule, expected: (values, weights))
        case .continuous(let bins, let edges, let weights, let tails):
            guard rule.bucketizeData else {
                throw invalid("bins need bucketize_data", remedy: "leave bucketize_data out", metric)
            }
            return try binned(
                column,
                rows,
                rule,
                BinnedPartition(bins: bins, edges: edges, weights: weights, tails: tails)
            )
        }
    }

    // MARK: Values

    private func categorical(
        _ column: CheckColumn,
        _ rows: String?,
        _ rule: DivergenceRule,
        expected: (values: [JSONValue], weights: [Double])?
    ) throws(CheckFailure) -> CheckStep {
        let metric = "column.value_counts"
        guard rule.internalWeightHoldout == 0 else {
            throw invalid(
                "internal_weight_holdout cannot be used with values",
                remedy: "use tail_weight_holdout, which is spread over values that are not expected",
                metric
            )
        }
        let taken = SQLCondition.and([rows, "\(column.sql) IS NOT NULL"])
        let need = RowsNeed(
            sql: "SELECT \(column.sql) AS value, count(*) AS times FROM \(relation)\(SQLCondition.clause(taken))"
                + " GROUP BY 1 ORDER BY 1 LIMIT \(Limits.partitionValues + 1)",
            purpose: "how often each value occurs"
        )
        let columnType = column.column
        return .needs([.rows(need)]) { (answers) throws(CheckFailure) in
            let counted = try answers.table(need, metric).rows
            guard counted.count <= Limits.partitionValues else {
                throw self.invalid(
                    "column \"\(columnType.name)\" has more than \(Limits.partitionValues) distinct values",
                    remedy: "compare its distribution by bins",
                    metric
                )
            }
            var observed: [SQLValue: Int] = [:]
            for row in counted { observed[Self.key(row[0])] = Self.whole(row, 1) ?? 0 }
            // Over no values a database divides by zero, where pandas finds that each has a weight of 0.
            let total = observed.values.reduce(0, +)
            guard total > 0 || self.semantics == .pandas else { throw self.empty(columnType.name, metric) }
            let share = { (times: Int) in total > 0 ? Double(times) / Double(total) : 0 }
            var values: [JSONValue] = []
            var seen: [Double] = []
            var wanted: [Double?] = []
            let given =
                expected ?? (
                    counted.map { ValueJSON.json($0[0]) },
                    counted.map { share(Self.whole($0, 1) ?? 0) }
                )
            for (value, weight) in zip(given.values, given.weights) {
                let typed = TypedValue.equal(value, to: columnType, .pandas).map(Self.key)
                let times = typed.flatMap { observed.removeValue(forKey: $0) } ?? 0
                values.append(value)
                seen.append(share(times))
                wanted.append(weight)
            }
            for row in counted {
                guard let times = observed[Self.key(row[0])] else { continue }
                values.append(ValueJSON.json(row[0]))
                seen.append(share(times))
                wanted.append(nil)
            }
            let unseen = wanted.count { $0 == nil }
            let tail = rule.tailWeightHoldout
            let weights = wanted.map { weight in
                guard unseen > 0 else { return weight ?? 0 }
                return weight.map { $0 * (1 - tail) } ?? tail / Double(unseen)
            }
            return Self.diverged(
                Divergence.between(seen, weights),
                rule,
                observed: ["values": .array(values), "weights": Self.numbers(seen)],
                expected: ["values": .array(values), "weights": Self.numbers(weights)]
            )
        }
    }

    /// The failure of comparing no values.
    func empty(_ name: String, _ metric: String) -> CheckFailure {
        invalid(
            "column \"\(name)\" has no values whose distribution could be compared",
            remedy: "check first that there are rows, with expect_table_row_count_to_be_between",
            metric
        )
    }

    static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }

    /// The verdict; a divergence that is no number is none that can be told.
    static func diverged(
        _ divergence: Double,
        _ rule: DivergenceRule,
        observed: [String: JSONValue],
        expected: [String: JSONValue]
    ) -> CheckStep {
        let isMet = rule.threshold.map { divergence <= $0 } ?? true
        return .value(
            isMet,
            divergence.isFinite ? .number(divergence) : .null,
            details: ["observed_partition": .object(observed), "expected_partition": .object(expected)]
        )
    }
}
