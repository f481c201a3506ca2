import MartletCore

/// What pairs of columns are like.
extension TableScan {
    /// Pearson's correlations of numeric columns.
    func correlations(_ summary: TableSummary, _ notes: inout [String]) async throws(MartletError) -> [Correlation] {
        let numeric = summary.columns.filter { column in
            guard column.role == .number, let low = column.lowest, let high = column.highest else { return false }
            return low < high && column.numbers?.standardDeviation != nil
        }
        if numeric.count > Limits.correlatedColumns {
            notes.append(
                "correlations are of the first \(Limits.correlatedColumns) of \(numeric.count) numeric columns"
            )
        }
        let columns = numeric.prefix(Limits.correlatedColumns).map(\.column)
        guard columns.count > 1 else { return [] }
        let every = (summary.rowCount + Limits.correlatedRows - 1) / Limits.correlatedRows
        let hash = "hash(\(columns.prefix(16).map { ScanSQL.name($0.name) }.joined(separator: ", ")))"
        if every > 1 { notes.append("correlations are of one row in \(every), chosen by a hash") }
        var query = ScanQuery()
        var pairs: [(first: String, second: String, coefficient: Int, rows: Int)] = []
        for (place, first) in columns.enumerated() {
            for second in columns[(place + 1)...] {
                let arguments = "\(ScanSQL.finite(first)), \(ScanSQL.finite(second))"
                let coefficient = query.add("corr(\(arguments))")
                pairs.append((first.name, second.name, coefficient, query.add("regr_count(\(arguments))")))
            }
        }
        let answers: [SQLValue]
        do {
            answers = try await self.answers(query, where: every > 1 ? "\(hash) % \(every) = 0" : nil)
        } catch  where error.code == .sqlFailed {
            notes.append("correlations are left out: \(error.reason ?? error.message)")
            return []
        }
        return pairs.compactMap { pair in
            guard let coefficient = answers[pair.coefficient].number, coefficient.isFinite else { return nil }
            // Rounding may leave the range by the last digit.
            return Correlation(
                columns: [pair.first, pair.second],
                coefficient: min(1, max(-1, coefficient)),
                rows: answers[pair.rows].count ?? 0
            )
        }
    }

    /// Columns that are null in the same rows.
    func missingTogether(_ summary: TableSummary) async throws(MartletError) -> [MissingTogether] {
        let missing = summary.columns.enumerated()
            .filter { $0.element.nullCount > 0 }
            .sorted { ($0.element.nullCount, $0.offset) < ($1.element.nullCount, $1.offset) }
        // Only columns with about as many nulls can share most of them: those are neighbours in this order.
        var pairs: [(first: ColumnSummary, second: ColumnSummary)] = []
        for (place, first) in missing.enumerated() where pairs.count < Limits.missingPairs {
            for second in missing[(place + 1)...] {
                guard second.element.nullCount <= 2 * first.element.nullCount, pairs.count < Limits.missingPairs else {
                    break
                }
                let ordered = first.offset < second.offset ? (first, second) : (second, first)
                pairs.append((ordered.0.element, ordered.1.element))
            }
        }
        var query = ScanQuery()
        let places = pairs.map { pair in
            query.add(
                "count_if(\(ScanSQL.name(pair.first.column.name)) IS NULL"
                    + " AND \(ScanSQL.name(pair.second.column.name)) IS NULL)"
            )
        }
        let answers = try await self.answers(query)
        return zip(pairs, places).map { pair, place in
            let both = answers[place].count ?? 0
            return MissingTogether(
                columns: [pair.first.column.name, pair.second.column.name],
                both: both,
                either: pair.first.nullCount + pair.second.nullCount - both
            )
        }
    }
}
