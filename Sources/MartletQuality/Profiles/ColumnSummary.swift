import MartletCore

/// What scans found out about a column; profiles and drift reports are made of it.
struct ColumnSummary: Sendable {
    let column: TableColumn
    let role: ScanRole
    var rowCount = 0
    var nullCount = 0
    /// Within some ten percent.
    var roughDistinct = 0
    var minimum: SQLValue?
    var maximum: SQLValue?
    /// See ``ScanSQL/finite(_:)``: nil without finite values.
    var lowest: Double?
    var highest: Double?
    var numbers: NumberFacts?
    var lengths: LengthFacts?
    var values: Values = .none
    /// Whether it could not be looked at as a whole; see ``TableScan``.
    var isBroken = false

    init(column: TableColumn) {
        self.column = column
        role = ScanRole(column.kind)
    }

    /// The values that single values are told of.
    enum Values: Sendable {
        /// Nothing is known.
        case none
        /// Every distinct value with its count, the most frequent first.
        case all([Entry])
        /// Too many to be counted one by one.
        case sample(Sample)
    }

    struct Entry: Hashable, Sendable {
        var value: SQLValue
        var count: Int
    }

    struct Sample: Sendable {
        /// An estimate from a sample of distinct values.
        var distinct: Int
        /// Whether a value occurred twice among the sampled ones: then the column is no key.
        var repeats: Bool
        /// Values of a sample of rows; numbers as ``ScanSQL/finite(_:)`` has them, text cut.
        var rows: [SQLValue]
        /// Values that may be frequent, beyond those of `rows`.
        var frequent: [SQLValue]
    }

    var valueCount: Int { rowCount - nullCount }
    var scale: InstantScale { InstantScale(kind: column.kind) }
    var finiteCount: Int {
        guard let numbers else { return valueCount }
        return valueCount - numbers.nanCount - numbers.positiveInfinityCount - numbers.negativeInfinityCount
    }

    /// How many values are distinct; nil when that was not found out.
    var distinct: DistinctCount? {
        switch values {
        case .none: isBroken ? nil : DistinctCount(count: roughDistinct, isExact: roughDistinct == 0)
        case .all(let entries):
            // Values that are cut may have become alike.
            DistinctCount(count: entries.count, isExact: (lengths?.maximum ?? 0) <= Limits.profiledTextCharacters)
        case .sample(let sample): DistinctCount(count: min(valueCount, sample.distinct), isExact: false)
        }
    }

    /// Whether no value was seen twice and none is missing.
    var mayBeKey: Bool {
        guard rowCount > 0, nullCount == 0, role != .opaque, role != .sized, column.kind != .floating else {
            return false
        }
        switch values {
        case .none: return false
        case .all(let entries): return entries.count == rowCount
        case .sample(let sample): return !sample.repeats
        }
    }

    /// Finite numbers with their counts, ascending; nil unless all are known.
    var numberCounts: [(value: Double, count: Int)]? {
        guard role.isOrdered, case .all(let entries) = values else { return nil }
        return entries.compactMap { entry in scale.number(entry.value).map { ($0, entry.count) } }
            .sorted { $0.value < $1.value }
    }
}

/// A table as scans found it.
struct TableSummary: Sendable {
    var rowCount: Int
    var columns: [ColumnSummary]
    var notes: [String]
}
