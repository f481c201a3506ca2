import MartletCore

/// What checks are compiled against.
struct CheckScope: Sendable {
    let columns: [TableColumn]
    let relation: String
    let dialect: SQLDialect
    let semantics: Semantics
    let format: ResultFormat
    let statistics: TableStatistics?
    let custom: [String: CustomExpectation]
    /// The first column of each name.
    let columnsByName: [String: TableColumn]
    private let exact: [String: Int]
    private let folded: [String: Int]

    init(
        columns: [TableColumn],
        relation: String,
        dialect: SQLDialect,
        semantics: Semantics,
        format: ResultFormat,
        statistics: TableStatistics?,
        custom: [String: CustomExpectation] = [:]
    ) {
        self.columns = columns
        self.relation = relation
        self.dialect = dialect
        self.semantics = semantics
        self.format = format
        self.statistics = statistics
        self.custom = custom
        columnsByName = Dictionary(columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        exact = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        folded = Dictionary(
            columns.enumerated().map { ($1.name.lowercased(), $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The column called `name`, exactly or else whatever its case.
    ///
    /// - Throws: `.checkColumnUnknown`, with the nearest name, as the failure of `metric`.
    func column(_ name: String, _ metric: String) throws(CheckFailure) -> CheckColumn {
        guard let index = exact[name] ?? folded[name.lowercased()] else {
            let nearest = NearestName.of(name, among: columns.lazy.map(\.name).prefix(Self.namesSearched))
            throw CheckFailure(
                metric: "\(metric)(\(name))",
                error: MartletError(
                    .checkColumnUnknown,
                    "the table has no column \"\(name)\"",
                    reason: columns.isEmpty ? "it has no columns" : "it has \(Self.listed(columns))",
                    remedy: nearest.map { "did you mean \($0)?" } ?? "correct the name, or add the column to the data"
                )
            )
        }
        return read(columns[index])
    }

    func columns(_ names: [String], _ metric: String) throws(CheckFailure) -> [CheckColumn] {
        var found: [CheckColumn] = []
        for name in names { found.append(try column(name, metric)) }
        return found
    }

    /// How `column` is read.
    func read(_ column: TableColumn) -> CheckColumn {
        let name = dialect.identifier(column.name)
        let mayHoldNaN = semantics == .pandas && column.kind == .floating && !isKnownWithoutNaN(column)
        return CheckColumn(column: column, sql: mayHoldNaN ? dialect.nullingNaN(name) : name, isPlain: !mayHoldNaN)
    }

    /// Whether statistics of files say that `column` has no nulls.
    func isNeverNull(_ column: CheckColumn) -> Bool {
        column.isPlain && statistics?.columns[column.name]?.nullCount == 0
    }

    /// Exact bounds exist only where nothing is not a number.
    private func isKnownWithoutNaN(_ column: TableColumn) -> Bool {
        guard let statistics, let known = statistics.columns[column.name] else { return false }
        return known.nullCount == statistics.rowCount
            || (known.minimum != nil && known.maximum != nil && !known.isWithin)
    }

    private static let namesSearched = 20_000
    private static let namesListed = 12

    private static func listed(_ columns: [TableColumn]) -> String {
        let names = columns.prefix(namesListed).map(\.name).joined(separator: ", ")
        return columns.count > namesListed ? "\(names) and \(columns.count - namesListed) more" : names
    }
}
