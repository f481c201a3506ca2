import MartletCore

/// Reads a table in few passes.
///
/// 1. One aggregate of everything: nulls, least, greatest, moments, lengths, a rough number of distinct values.
/// 2. One aggregate that counts the values of columns with few of them. Of the others two samples are taken, one scan
///    each, chosen by hashes, so that they are the same at every reading: of distinct values, for how many there are and
///    whether they repeat; of rows, for quantiles, frequent values and patterns.
/// 3. One aggregate over bins that the samples chose, which is exact (``bins(_:)``).
///
/// Memory does not grow with the rows. A query that fails, such as on an overflow, is repeated by halves of the columns
/// until the column is found that it fails on.
final class TableScan {
    let session: any TableSession
    private(set) var scans = 0

    init(_ session: any TableSession) { self.session = session }

    /// Runs one statement that reads the data.
    func read(_ sql: String) async throws(MartletError) -> [[SQLValue]] {
        scans += 1
        return try await session.query(sql).rows
    }

    /// Runs one statement that reads the data, and gives its rows in pieces.
    func stream(
        _ sql: String,
        _ take: @escaping @Sendable (SQLTable) throws(MartletError) -> Void
    ) async throws(MartletError) {
        scans += 1
        try await session.stream(sql, take)
    }

    /// Runs the aggregates of `query`; their answers are in the order asked.
    func answers(_ query: ScanQuery, where condition: String? = nil) async throws(MartletError) -> [SQLValue] {
        if query.expressions.isEmpty { return [] }
        return try await read(query.sql(from: session.relation, where: condition)).first ?? []
    }

    /// Passes 1 and 2 over `columns`.
    func summary(of columns: [TableColumn]) async throws(MartletError) -> TableSummary {
        var summary = TableSummary(rowCount: 0, columns: columns.map { ColumnSummary(column: $0) }, notes: [])
        if columns.isEmpty {
            var query = ScanQuery()
            _ = query.add("count(*)")
            summary.rowCount = try await answers(query).first?.count ?? 0
            return summary
        }
        for part in Self.parts(columns.indices) { try await describe(part, &summary) }
        guard summary.rowCount > 0 else { return summary }
        let hash = rowHash(summary)
        for part in Self.parts(columns.indices) { try await count(part, &summary, rowHash: hash) }
        return summary
    }

    /// Ranges of columns that one query looks at.
    static func parts(_ indices: Range<Int>) -> [Range<Int>] {
        stride(from: indices.lowerBound, to: indices.upperBound, by: Limits.profiledColumnsPerQuery).map {
            $0..<min($0 + Limits.profiledColumnsPerQuery, indices.upperBound)
        }
    }

    /// Pass 1.
    private func describe(_ part: Range<Int>, _ summary: inout TableSummary) async throws(MartletError) {
        var query = ScanQuery()
        let rows = query.add("count(*)")
        let places = part.map { DescribePlaces(summary.columns[$0].column, &query) }
        let answers: [SQLValue]
        do {
            answers = try await self.answers(query)
        } catch  where error.code == .sqlFailed || error.code == .sqlInvalid {
            if part.count > 1 {
                let middle = part.lowerBound + part.count / 2
                try await describe(part.lowerBound..<middle, &summary)
                return try await describe(middle..<part.upperBound, &summary)
            }
            return try await describeNulls(part.lowerBound, &summary, because: error)
        }
        summary.rowCount = answers[rows].count ?? 0
        for (index, place) in zip(part, places) {
            place.read(answers, rows: summary.rowCount, into: &summary.columns[index])
        }
    }

    /// What is left of pass 1 for a column that it fails on.
    private func describeNulls(
        _ index: Int,
        _ summary: inout TableSummary,
        because error: MartletError
    ) async throws(MartletError) {
        let name = summary.columns[index].column.name
        var query = ScanQuery()
        let rows = query.add("count(*)")
        let values = query.add("count(\(ScanSQL.name(name)))")
        let answers = try await self.answers(query)
        summary.rowCount = answers[rows].count ?? 0
        summary.columns[index].rowCount = summary.rowCount
        summary.columns[index].nullCount = summary.rowCount - (answers[values].count ?? 0)
        summary.columns[index].isBroken = true
        summary.notes.append("\(name) has only its nulls counted: \(error.reason ?? error.message)")
    }

    /// Pass 2, but for the sample of rows.
    ///
    /// Columns with few values and those with many have a query each: together they would take more memory than both
    /// one after the other.
    private func count(_ part: Range<Int>, _ summary: inout TableSummary, rowHash: String) async throws(MartletError) {
        let most = max(200, min(Limits.countedValues, Limits.countedValuesPerQuery / part.count))
        let many = part.filter { Self.isSampled(summary.columns[$0], most) }
        // With few such columns, equal rows are many, and a value that fills half of them may be in none of those that
        // the hash of the row takes.
        let seeksFrequent = many.count <= 2 && summary.columns.count <= Limits.profiledColumnsPerQuery
        try await count(
            part.filter { !many.contains($0) },
            &summary,
            most: most,
            isSampled: false,
            seeksFrequent: false
        )
        try await count(many, &summary, most: most, isSampled: true, seeksFrequent: seeksFrequent)
        try await sample(many, &summary, rowHash: rowHash)
    }

    private func count(
        _ columns: [Int],
        _ summary: inout TableSummary,
        most: Int,
        isSampled: Bool,
        seeksFrequent: Bool
    ) async throws(MartletError) {
        var query = ScanQuery()
        let places = columns.map { index in
            CountPlaces(
                summary.columns[index],
                &query,
                isSampled: isSampled,
                most: most,
                seeksFrequent: seeksFrequent
            )
        }
        let answers: [SQLValue]
        do {
            answers = try await self.answers(query)
        } catch  where error.code == .sqlFailed || error.code == .sqlInvalid {
            guard columns.count > 1 else {
                let name = summary.columns[columns[0]].column.name
                summary.notes.append("\(name) has its values not counted: \(error.reason ?? error.message)")
                return
            }
            for half in [columns.prefix(columns.count / 2), columns.dropFirst(columns.count / 2)] {
                try await count(
                    Array(half),
                    &summary,
                    most: most,
                    isSampled: isSampled,
                    seeksFrequent: seeksFrequent
                )
            }
            return
        }
        for (index, place) in zip(columns, places) { place?.read(answers, into: &summary.columns[index]) }
    }

    /// The sample of rows of columns with many values.
    private func sample(_ columns: [Int], _ summary: inout TableSummary, rowHash: String) async throws(MartletError) {
        var query = ScanQuery()
        var places: [(column: Int, place: Int)] = []
        for index in columns {
            guard case .sample = summary.columns[index].values else { continue }
            let value = ScanSQL.sampled(summary.columns[index].column)
            places.append((index, query.add("list(\(value)) FILTER (WHERE \(value) IS NOT NULL)")))
        }
        let every = max(1, summary.rowCount / Limits.sampledRows)
        let answers = try await self.answers(query, where: every == 1 ? nil : "\(rowHash) % \(every) = 0")
        for (index, place) in places {
            guard case .sample(var sample) = summary.columns[index].values else { continue }
            sample.rows = answers[place].elements
            summary.columns[index].values = .sample(sample)
        }
    }

    private static func isSampled(_ column: ColumnSummary, _ most: Int) -> Bool {
        // The rough number may be a fifth too low.
        column.role.tellsValues && Double(column.roughDistinct) > Double(most) * 0.8
    }

    /// A hash of each row: by the columns with the most values, so that few rows are alike.
    private func rowHash(_ summary: TableSummary) -> String {
        let names = summary.columns.filter { $0.role.tellsValues && !$0.isBroken }
            .sorted { ($0.roughDistinct, $1.column.name) > ($1.roughDistinct, $0.column.name) }
            .prefix(16)
            .map { ScanSQL.name($0.column.name) }
        return names.isEmpty ? "0" : "hash(\(names.joined(separator: ", ")))"
    }

    /// Pass 3: counts of numbers between edges, and of single values.
    ///
    /// - Returns: in the order of the requests, which may be about any columns.
    func bins(_ requests: [BinRequest]) async throws(MartletError) -> [[Int]] {
        var result: [[Int]] = []
        for part in Self.parts(requests.indices) {
            var query = ScanQuery()
            let places = requests[part].map { query.add($0.sql) }
            let answers = try await self.answers(query)
            for (request, place) in zip(requests[part], places) {
                var counts = answers[place].elements.map { $0.count ?? 0 }
                // Without values there is no histogram; without values beyond the last edge it has no bin for them.
                while counts.count < request.size { counts.append(0) }
                result.append(counts)
            }
        }
        return result
    }
}

/// What of a column pass 3 counts.
enum BinRequest: Sendable {
    /// Numbers up to the first edge, above each edge up to the next, and above the last.
    case edges(TableColumn, [Double])
    /// Lengths, in the same way.
    case lengths(TableColumn, [Double])
    /// Each of these values, then all others; text is cut as it is told.
    case values(TableColumn, [SQLValue])

    var size: Int {
        switch self {
        case .edges(_, let edges), .lengths(_, let edges): edges.count + 1
        case .values(_, let values): values.count + 1
        }
    }

    var sql: String {
        switch self {
        case .edges(let column, let edges): return histogram(ScanSQL.finite(column), edges)
        case .lengths(let column, let edges): return histogram("\(ScanSQL.length(column) ?? "NULL")::DOUBLE", edges)
        case .values(let column, let values):
            // By place in the list, as the engine would sort the values its own way.
            let value: String
            let list: String
            if column.kind != .boolean, ScanRole(column.kind).isOrdered {
                value = ScanSQL.finite(column)
                let scale = InstantScale(kind: column.kind)
                list = ScanSQL.list(values.map { scale.number($0) ?? 0 })
            } else {
                value = ScanSQL.told(column)
                list = ScanSQL.list(values.map { $0.told.displayText })
            }
            let place = "list_position(\(list), \(value))"
            let missing = Double(values.count) + 1
            let places = (1...max(1, values.count)).map(Double.init)
            let found = "CASE WHEN \(ScanSQL.name(column.name)) IS NOT NULL THEN coalesce(\(place), \(missing)) END"
            return histogram("(\(found))::DOUBLE", places)
        }
    }

    private func histogram(_ value: String, _ edges: [Double]) -> String {
        "map_values(histogram(\(value), \(ScanSQL.list(edges))))"
    }
}
