import MartletCore

/// A range in which the value at a place of an order most likely is; an end that is nil is open.
struct RankBracket: Hashable, Sendable {
    var low: SQLValue?
    var high: SQLValue?
}

/// Values at places found by counting what is below a narrow range, and sorting only what is in it.
///
/// A sample tells the range, and the counts whether it holds the place; where it does not, all values are sorted.
extension ScanPlanner {
    /// Fewest values for which looking for a range first is worth a sample.
    static let bracketedCount = 200_000
    /// How many values a sample should have.
    private static let sampleCount = 150_000
    /// How far, as a share of all values, each end of a range is from where the sample has the place: four standard
    /// errors of a median.
    private static let reach = 0.005

    /// A query that gives both ends of the ranges of `needs`, as one list a need; nil when it would not be worth it.
    func bracketSample(_ needs: [RankNeed]) -> String? {
        guard dialect == .duckdb, let most = needs.map(\.count).max(), most >= Self.bracketedCount else { return nil }
        let share = min(100, Double(Self.sampleCount) / Double(most) * 100)
        let lists = needs.map { need in
            let fractions = need.ranks.flatMap { Self.ends($0, of: need.count) }.map { min(max($0, 0), 1) }
            let value = need.rows.map { "CASE WHEN \($0) THEN \(need.value) END" } ?? need.value
            return dialect.discreteQuantiles(value, fractions)
        }
        return "SELECT \(lists.joined(separator: ", ")) FROM \(relation) TABLESAMPLE system(\(share)%) REPEATABLE (1)"
    }

    private static func ends(_ rank: Int, of count: Int) -> [Double] {
        let place = Double(rank) / Double(count)
        return [place - reach, place + reach]
    }

    /// The ranges that a row of the sample tells for a need.
    static func brackets(_ need: RankNeed, _ ends: [SQLValue]) -> [RankBracket]? {
        guard ends.count == need.ranks.count * 2, !ends.contains(.null) else { return nil }
        return need.ranks.enumerated().map { index, rank in
            let outer = Self.ends(rank, of: need.count)
            return RankBracket(
                low: outer[0] <= 0 ? nil : ends[index * 2],
                high: outer[1] >= 1 ? nil : ends[index * 2 + 1]
            )
        }
    }

    /// How many values are below each range, and how many are not above it, as one list; nil without ranges.
    func bracketCounts(_ need: RankNeed) -> String? {
        guard let brackets = brackets[need] else { return nil }
        let counts = brackets.flatMap { bracket in
            [
                bracket.low.map { tally("\(need.value) < \(dialect.literal($0))", need) } ?? "0",
                bracket.high.map { tally("\(need.value) <= \(dialect.literal($0))", need) } ?? "\(need.count)",
            ]
        }
        return "[\(counts.joined(separator: ", "))]"
    }

    private func tally(_ condition: String, _ need: RankNeed) -> String {
        "CAST(\(dialect.tally(SQLCondition.and([need.rows, condition]) ?? condition)) AS BIGINT)"
    }

    /// The query that sorts what is in the ranges, when `counts` say that they hold the places; else that of all values.
    func narrowed(_ need: RankNeed, _ counts: [SQLValue]) -> Scan {
        guard let brackets = brackets[need], counts.count == brackets.count * 2 else { return ranks(need) }
        var values: [String] = []
        var ranges: [String] = []
        for (index, (rank, bracket)) in zip(need.ranks, brackets).enumerated() {
            guard let below = CheckScope.whole(counts, index * 2), let upTo = CheckScope.whole(counts, index * 2 + 1),
                below < rank, rank <= upTo
            else { return ranks(need) }
            let low = bracket.low.map { "\(need.value) >= \(dialect.literal($0))" }
            let high = bracket.high.map { "\(need.value) <= \(dialect.literal($0))" }
            let range = SQLCondition.and([low, high]) ?? "\(need.value) IS NOT NULL"
            let fraction = (Double(rank - below) - 0.5) / Double(upTo - below)
            values.append("quantile_disc(\(need.value), \(fraction)) FILTER (WHERE \(range))")
            ranges.append("(\(range))")
        }
        let taken = SQLCondition.and([need.rows, ranges.joined(separator: " OR ")])
        let list = "[\(values.joined(separator: ", "))]"
        return Scan(
            kind: .ranks,
            needs: [.ranks(need)],
            sql: "SELECT \(list) FROM \(relation)\(SQLCondition.clause(taken))"
        )
    }
}
