import MartletCore

/// Which columns tell rows apart.
extension TableScan {
    /// Single columns; when there are none, pairs of columns.
    ///
    /// Where one column is a key, pairs that are keys as well tell nothing, and there are many. A sample of hashes refutes most; what it cannot refute is counted out.
    func candidateKeys(_ summary: TableSummary, _ notes: inout [String]) async throws(MartletError) -> [CandidateKey] {
        // One row, or none, tells nothing.
        guard summary.rowCount > 1 else { return [] }
        var left = Limits.provenKeys
        var keys: [CandidateKey] = []
        for column in summary.columns where column.mayBeKey {
            if case .sample = column.values {
                guard left > 0 else {
                    notes.append(
                        "more columns than \(Limits.provenKeys) may be keys; \(column.column.name) was not tried"
                    )
                    break
                }
                left -= 1
                if try await !isUnique([column.column], summary.rowCount) { continue }
            }
            keys.append(CandidateKey(columns: [column.column.name]))
        }
        guard keys.isEmpty else { return keys }
        for pair in try await pairs(summary) where left > 0 {
            left -= 1
            if try await isUnique(pair, summary.rowCount) { keys.append(CandidateKey(columns: pair.map(\.name))) }
        }
        return keys
    }

    /// Pairs that a sample of hashes does not refute, those with the fewest combinations first.
    private func pairs(_ summary: TableSummary) async throws(MartletError) -> [[TableColumn]] {
        let columns = summary.columns.enumerated()
            .filter { _, column in
                column.rowCount > 0 && column.nullCount == 0 && column.role.tellsValues && !column.isBroken
                    && column.column.kind != .floating && column.roughDistinct > 1
            }
            .sorted { ($0.element.roughDistinct, $1.offset) > ($1.element.roughDistinct, $0.offset) }
            .prefix(Limits.keyPairColumns)
            .sorted { $0.offset < $1.offset }
            .map(\.element)
        var candidates: [(columns: [TableColumn], combinations: Double)] = []
        for (place, first) in columns.enumerated() {
            for second in columns[(place + 1)...] {
                let combinations = Double(first.roughDistinct) * Double(second.roughDistinct)
                // Rough numbers may be a fifth too low each.
                guard combinations * 1.5 >= Double(summary.rowCount) else { continue }
                candidates.append(([first.column, second.column], combinations))
            }
        }
        let every = max(1, summary.rowCount / 2_000)
        var query = ScanQuery()
        let places = candidates.map { HashPlaces($0.columns, every: every, &query) }
        let answers = try await self.answers(query)
        return zip(candidates, places)
            .filter { !$1.read(answers).repeats }
            .sorted { $0.0.combinations < $1.0.combinations }
            .map(\.0.columns)
    }

    /// Whether no two rows agree in `columns`, by their 64-bit hashes.
    ///
    /// Counted in parts of the hashes, so that memory does not grow with the rows.
    private func isUnique(_ columns: [TableColumn], _ rowCount: Int) async throws(MartletError) -> Bool {
        let hash = "hash(\(columns.map { ScanSQL.name($0.name) }.joined(separator: ", ")))"
        let parts = max(1, rowCount / Limits.comparedKeys)
        for part in 0..<parts {
            let condition = parts == 1 ? "" : " WHERE \(hash) % \(parts) = \(part)"
            let rows = try await read(
                "SELECT 1 FROM (SELECT \(hash) AS h FROM \(session.relation)\(condition)) GROUP BY h"
                    + " HAVING count(*) > 1 LIMIT 1"
            )
            if !rows.isEmpty { return false }
        }
        return true
    }
}
