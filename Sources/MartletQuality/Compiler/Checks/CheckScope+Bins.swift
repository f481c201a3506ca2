import MartletCore

/// A distribution by bins.
struct BinnedPartition: Hashable, Sendable {
    /// The ends as they are told.
    var bins: [JSONValue]
    /// What they mean.
    var edges: [Double]
    /// Of each bin.
    var weights: [Double]
    /// Below the first and above the last.
    var tails: [Double]?
}

/// Checks of a column's distribution over bins.
extension CheckScope {
    /// Bins made of the data, with which the data itself is then compared.
    func selfBinned(_ column: CheckColumn, _ rows: String?, _ rule: DivergenceRule) throws(CheckFailure) -> CheckStep {
        let metric = "column.partition"
        guard column.kind.isNumeric else { throw unfit(column, "cannot be put into bins", metric) }
        let count = valueCount(column, rows)
        return .needs([.scalar(count)]) { (answers) throws(CheckFailure) in
            let total = try answers.count(count, metric)
            guard total > 0 else {
                throw self.invalid(
                    "column \"\(column.name)\" has no values to make bins of",
                    remedy: "give a partition_object",
                    metric
                )
            }
            let places = [0, 0.25, 0.75, 1].map {
                QuantilePlace($0, of: total, self.semantics == .sql ? .discrete : .nearest)
            }
            let need = RankNeed(
                value: column.sql,
                rows: rows,
                ranks: places.flatMap(\.ranks),
                count: total,
                column: rows == nil && column.isPlain ? column.name : nil
            )
            return .needs([.ranks(need)]) { (answers) throws(CheckFailure) in
                let box = try answers.values(need, metric).compactMap(ValueOrder.double)
                guard box.count == 4 else { throw self.unfit(column, "cannot be put into bins", metric) }
                let edges = Self.edges(box, count: total)
                return try self.binned(
                    column,
                    rows,
                    rule,
                    BinnedPartition(bins: edges.map { .number($0) }, edges: edges, weights: [], tails: nil)
                )
            }
        }
    }

    /// As many bins as Sturges or Freedman and Diaconis want, whichever are more.
    private static func edges(_ box: [Double], count: Int) -> [Double] {
        let sturges = Divergence.logarithm2(Double(count) + 1).rounded(.up)
        let spread = box[2] - box[1]
        var bins = sturges
        if spread >= 1e-10 {
            let width = 2 * spread / Divergence.cubeRoot(Double(count))
            bins = max(sturges, ((box[3] - box[0]) / width).rounded(.up))
        }
        let steps = max(1, min(Int(bins), Limits.aggregatesPerScan))
        let step = (box[3] - box[0]) / Double(steps)
        return (0...steps).map { $0 == steps ? box[3] : box[0] + Double($0) * step }
    }

    /// Compares the shares of values in bins.
    func binned(
        _ column: CheckColumn,
        _ rows: String?,
        _ rule: DivergenceRule,
        _ partition: BinnedPartition
    ) throws(CheckFailure) -> CheckStep {
        let metric = "column.histogram"
        guard column.kind.isNumeric else { throw unfit(column, "cannot be put into bins", metric) }
        if rule.tailWeightHoldout != 0, partition.tails != nil {
            throw invalid("tail_weight_holdout does not go with tail_weights", remedy: "leave one of them out", metric)
        }
        let edges = partition.edges
        if edges.first == -.infinity || edges.last == .infinity, partition.tails != nil {
            throw invalid("infinite bins have no tail_weights", remedy: "leave tail_weights out", metric)
        }
        if edges.first == -.infinity, edges.last == .infinity, rule.tailWeightHoldout > 0 {
            throw invalid("infinite bins have no tail_weight_holdout", remedy: "leave it out", metric)
        }
        let values = valueCount(column, rows)
        let bins = edges.indices.dropLast().map { tally(column, edges, $0, rows) }
        let below = tally("\(column.sql) < \(dialect.double(edges[0]))", rows)
        let above = tally("\(column.sql) > \(dialect.double(edges[edges.count - 1]))", rows)
        return .needs(([values, below, above] + bins).map { .scalar($0) }) { (answers) throws(CheckFailure) in
            let total = Double(try answers.count(values, metric))
            guard total > 0 || self.semantics == .pandas else { throw self.empty(column.name, metric) }
            var shares: [Double] = []
            for bin in bins { shares.append(Double(try answers.count(bin, metric)) / total) }
            let tails = [
                Double(try answers.count(below, metric)) / total, Double(try answers.count(above, metric)) / total,
            ]
            return Self.compared(rule, partition, shares, tails)
        }
    }

    private func tally(_ condition: String, _ rows: String?) -> ScalarNeed {
        ScalarNeed(.tally(SQLCondition.and([rows, condition]) ?? condition))
    }

    /// Each bin holds its lower end, the last one both.
    private func tally(_ column: CheckColumn, _ edges: [Double], _ index: Int, _ rows: String?) -> ScalarNeed {
        let isLast = index == edges.count - 2
        let tests = [
            edges[index] == -.infinity ? nil : "\(column.sql) >= \(dialect.double(edges[index]))",
            edges[index + 1] == .infinity
                ? nil : "\(column.sql) \(isLast ? "<=" : "<") \(dialect.double(edges[index + 1]))",
        ]
        return tally(SQLCondition.and(tests) ?? "\(column.sql) IS NOT NULL", rows)
    }

    private static func compared(
        _ rule: DivergenceRule,
        _ partition: BinnedPartition,
        _ shares: [Double],
        _ tails: [Double]
    ) -> CheckStep {
        var partition = partition
        if partition.weights.isEmpty {
            // The data's own shares; what is in no bin is split between both tails.
            let rest = (1 - shares.reduce(0, +)) / 2
            partition.weights = shares
            partition.tails = [rest, rest]
        }
        let expected = held(partition.weights, rule)
        let tail = rule.tailWeightHoldout
        let isOpenBelow = partition.edges.first == -.infinity
        let isOpenAbove = partition.edges.last == .infinity
        // What is below the first finite end, and above the last one.
        let lowExpected = isOpenBelow ? expected[0] : partition.tails?[0] ?? (isOpenAbove ? tail : tail / 2)
        let highExpected =
            isOpenAbove ? expected[expected.count - 1] : partition.tails?[1] ?? (isOpenBelow ? tail : tail / 2)
        let low = isOpenBelow ? shares[0] : tails[0]
        let high = isOpenAbove ? shares[shares.count - 1] : tails[1]
        let inner = (isOpenBelow ? 1 : 0)..<max(isOpenBelow ? 1 : 0, expected.count - (isOpenAbove ? 1 : 0))
        let bins = Array(partition.bins.dropFirst(isOpenBelow ? 1 : 0).dropLast(isOpenAbove ? 1 : 0))
        let divergence = Divergence.between(
            [low] + shares[inner] + [high],
            [lowExpected] + expected[inner] + [highExpected]
        )
        let told = { (weights: [Double], ends: [Double]) -> [String: JSONValue] in
            ["bins": .array(bins), "weights": numbers(weights), "tail_weights": numbers(ends)]
        }
        return diverged(
            divergence,
            rule,
            observed: told(Array(shares[inner]), [low, high]),
            expected: told(Array(expected[inner]), [lowExpected, highExpected])
        )
    }

    /// Weights less what is held back, some of which goes to bins that expect nothing.
    private static func held(_ weights: [Double], _ rule: DivergenceRule) -> [Double] {
        let share = 1 - rule.tailWeightHoldout - rule.internalWeightHoldout
        var held = weights.map { $0 * share }
        let empty = held.count { $0 == 0 }
        guard rule.internalWeightHoldout > 0, empty > 0 else { return held }
        for index in held.indices where held[index] == 0 { held[index] = rule.internalWeightHoldout / Double(empty) }
        return held
    }
}
