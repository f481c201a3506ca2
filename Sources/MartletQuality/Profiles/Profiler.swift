public import MartletCore

/// Profiles a table.
public struct Profiler: Sendable {
    /// Bins of histograms.
    public var bins: Int
    /// Most values, and most patterns, of a column that are told.
    public var told: Int
    /// Whether correlations, candidate keys and columns missing together are looked for.
    public var looksAtPairs: Bool

    /// A profiler.
    public init(bins: Int = Limits.profileBins, told: Int = Limits.topValues, looksAtPairs: Bool = true) {
        self.bins = bins
        self.told = told
        self.looksAtPairs = looksAtPairs
    }

    /// Reads the table of `session` in few passes, with flat memory.
    ///
    /// - Parameters:
    ///   - session: the table.
    ///   - source: what the document calls it.
    /// - Returns: the profile.
    /// - Throws: as `TableSession.query(_:)` does.
    public func profile(
        _ session: any TableSession,
        source: String
    ) async throws(MartletError) -> ProfileDocument {
        let scan = TableScan(session)
        var notes: [String] = []
        let columns = Array(session.columns.prefix(Limits.profiledColumns))
        if session.columns.count > columns.count {
            notes.append("only the first \(columns.count) of \(session.columns.count) columns are profiled")
        }
        let summary = try await scan.summary(of: columns)
        notes += summary.notes
        let spreads = try await spreads(summary, scan)
        var document = ProfileDocument(
            source: source,
            engine: session.engine,
            rowCount: summary.rowCount,
            columnCount: session.columns.count
        )
        document.columns = zip(summary.columns, spreads).map { ColumnProfile($0, $1, bins: bins, told: told) }
        if looksAtPairs {
            document.candidateKeys = try await scan.candidateKeys(summary, &notes)
            document.correlations = Array(
                try await scan.correlations(summary, &notes)
                    .sorted { abs($0.coefficient) > abs($1.coefficient) }
                    .prefix(Limits.toldPairs)
            )
            document.missingTogether = Array(
                try await scan.missingTogether(summary)
                    .filter { 2 * $0.both >= $0.either }
                    .sorted { $0.share > $1.share }
                    .prefix(Limits.toldPairs)
            )
        }
        document.notes = notes
        document.scans = scan.scans
        return document
    }

    /// How each column's values are spread, for which columns with many values need one pass more.
    private func spreads(_ summary: TableSummary, _ scan: TableScan) async throws(MartletError) -> [ColumnSpread] {
        var spreads = summary.columns.map { ColumnSpread($0) }
        var requests: [BinRequest] = []
        var takers: [(column: Int, isNumbers: Bool)] = []
        for (index, column) in summary.columns.enumerated() {
            if let points = column.sampledPoints(bins: bins) {
                requests.append(.edges(column.column, points))
                takers.append((index, true))
            }
            let frequent = column.frequentInSample
            if !frequent.isEmpty {
                requests.append(.values(column.column, frequent))
                takers.append((index, false))
            }
        }
        let counts = try await scan.bins(requests)
        for (place, taker) in takers.enumerated() {
            switch requests[place] {
            case .edges(_, let points), .lengths(_, let points):
                // Nothing is above the last point, which is the greatest number.
                spreads[taker.column].numbers = CountedPoints(points: points, counts: counts[place].dropLast())
            case .values(_, let values):
                spreads[taker.column].top = zip(values, counts[place])
                    .map { ColumnSummary.Entry(value: $0, count: $1) }
                    .filter { $0.count > 1 }
                    .sorted(by: ColumnSummary.Entry.isMoreFrequent)
            }
        }
        return spreads
    }
}

/// How a column's values are spread.
struct ColumnSpread: Sendable {
    /// Numbers, dates and timestamps; nil for the others, and without values.
    var numbers: CountedPoints?
    /// Values with their exact counts, the most frequent first.
    var top: [ColumnSummary.Entry] = []

    /// What passes 1 and 2 tell already.
    init(_ column: ColumnSummary) {
        if let counts = column.numberCounts, !counts.isEmpty { numbers = CountedPoints(counts) }
        if case .all(let entries) = column.values { top = entries }
    }
}

extension ColumnSummary {
    /// Points at which to count numbers that are too many to be counted one by one; nil when they are not.
    func sampledPoints(bins: Int) -> [Double]? {
        guard role.isOrdered, case .sample(let sample) = values, let lowest, let highest else { return nil }
        return BinEdges.points(
            (sample.rows + sample.frequent).compactMap(scale.number),
            low: lowest,
            high: highest,
            extra: BinEdges.equalWidth(lowest, highest, bins: bins, isWhole: column.kind == .integer)
        )
    }

    /// Values that may be among the most frequent, where not all are counted.
    var frequentInSample: [SQLValue] {
        guard case .sample(let sample) = values else { return [] }
        var counts: [SQLValue: Int] = [:]
        for value in sample.rows { counts[value, default: 0] += 1 }
        let entries = counts.filter { $0.value > 1 }.map { Entry(value: $0.key, count: $0.value) }
            .sorted(by: Entry.isMoreFrequent)
            .prefix(2 * Limits.topValues)
            .map(\.value)
        return entries + sample.frequent.filter { !entries.contains($0) && $0 != .null }
    }
}
