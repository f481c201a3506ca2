import MartletCore

/// What pass 2 asks about a column, and where the answers are.
struct CountPlaces {
    private enum Places {
        case all(entries: Int)
        case hashes(HashPlaces, frequent: Int?)
    }

    private let places: Places

    /// Nil when there is nothing to ask.
    ///
    /// - Parameters:
    ///   - summary: what pass 1 found out.
    ///   - query: takes what is asked.
    ///   - isSampled: whether the column has too many values to be counted one by one.
    ///   - most: about how many values a query may count of one column.
    ///   - seeksFrequent: whether the engine looks for frequent values beyond those of a sample of rows.
    init?(_ summary: ColumnSummary, _ query: inout ScanQuery, isSampled: Bool, most: Int, seeksFrequent: Bool) {
        guard !summary.isBroken, summary.valueCount > 0 else { return nil }
        if summary.role.tellsValues, !isSampled {
            places = .all(entries: query.add("map_entries(histogram(\(ScanSQL.told(summary.column))))"))
            return
        }
        let hashes = HashPlaces([summary.column], every: max(1, summary.roughDistinct / (most / 2)), &query)
        let value = ScanSQL.sampled(summary.column)
        let frequent = isSampled && seeksFrequent ? query.add("approx_top_k(\(value), \(2 * Limits.topValues))") : nil
        places = .hashes(hashes, frequent: frequent)
    }

    func read(_ answers: [SQLValue], into column: inout ColumnSummary) {
        switch places {
        case .all(let place):
            let entries = answers[place].entries.compactMap { entry in
                entry.value.count.map { ColumnSummary.Entry(value: entry.key, count: $0) }
            }
            column.values = .all(entries.sorted(by: ColumnSummary.Entry.isMoreFrequent))
        case .hashes(let hashes, let frequent):
            let found = hashes.read(answers)
            guard column.role.tellsValues else {
                column.roughDistinct = min(column.valueCount, found.distinct)
                return
            }
            column.values = .sample(
                ColumnSummary.Sample(
                    distinct: found.distinct,
                    repeats: found.repeats,
                    rows: [],
                    frequent: frequent.map { answers[$0].elements } ?? []
                )
            )
        }
    }
}

/// A sample of the distinct values of columns: each value with all its rows, or with none.
struct HashPlaces {
    private let every: Int
    private let total: Int
    private let distinct: Int

    /// Asks for the values whose hash is a multiple of `every`.
    init(_ columns: [TableColumn], every: Int, _ query: inout ScanQuery) {
        self.every = every
        let names = columns.map { ScanSQL.name($0.name) }
        let hash = "hash(\(names.joined(separator: ", ")))"
        let isChosen = (names.map { "\($0) IS NOT NULL" } + ["\(hash) % \(every) = 0"]).joined(separator: " AND ")
        if every >= 100 {
            // A list of so few is the cheapest; one of more would hold all rows of a frequent value.
            let list = "list(\(hash)) FILTER (WHERE \(isChosen))"
            total = query.add("len(\(list))")
            distinct = query.add("len(list_distinct(\(list)))")
        } else {
            let counts = "map_values(histogram(CASE WHEN \(isChosen) THEN \(hash) END))"
            total = query.add("list_sum(\(counts))")
            distinct = query.add("len(\(counts))")
        }
    }

    /// An estimate of how many values are distinct, and whether a sampled one occurred twice.
    func read(_ answers: [SQLValue]) -> (distinct: Int, repeats: Bool) {
        let seen = answers[distinct].count ?? 0
        return (seen * every, (answers[total].count ?? 0) > seen)
    }
}

extension ColumnSummary.Entry {
    /// The more frequent first; among equally frequent ones by value, so that every reading has one order.
    static func isMoreFrequent(_ left: Self, _ right: Self) -> Bool {
        if left.count != right.count { return left.count > right.count }
        let kind = InstantScale(kind: .floating)
        if let a = kind.number(left.value), let b = kind.number(right.value) { return a < b }
        return left.value.told.displayText < right.value.told.displayText
    }
}
