import MartletCore

/// What pass 1 asks about a column, and where the answers are.
struct DescribePlaces {
    private let values: Int
    private let distinct: Int
    private var bounds: (least: Int, greatest: Int)?
    private var range: (least: Int, greatest: Int)?
    private var moments: (mean: Int, deviation: Int)?
    private var signs: (zero: Int, negative: Int)?
    private var special: (nan: Int, positive: Int, negative: Int)?
    private var lengths: (least: Int, greatest: Int, mean: Int, empty: Int)?

    init(_ column: TableColumn, _ query: inout ScanQuery) {
        let name = ScanSQL.name(column.name)
        values = query.add("count(\(name))")
        distinct = query.add("approx_count_distinct(\(name))")
        let role = ScanRole(column.kind)
        if role.isOrdered || role == .text || column.kind == .time {
            let value = ScanSQL.comparable(column)
            bounds = (query.add("min(\(value))"), query.add("max(\(value))"))
        }
        if role.isOrdered {
            let number = ScanSQL.finite(column)
            range = (query.add("min(\(number))"), query.add("max(\(number))"))
        }
        if role == .number {
            let number = ScanSQL.finite(column)
            moments = (query.add("avg(\(number))"), query.add("stddev_samp(\(number))"))
            signs = (query.add("count_if(\(number) = 0)"), query.add("count_if(\(number) < 0)"))
        }
        if column.kind == .floating {
            special = (
                query.add("count_if(isnan(\(name)))"),
                query.add("count_if(isinf(\(name)) AND \(name) > 0)"),
                query.add("count_if(isinf(\(name)) AND \(name) < 0)")
            )
        }
        if let length = ScanSQL.length(column) {
            lengths = (
                query.add("min(\(length))"), query.add("max(\(length))"), query.add("avg(\(length))"),
                query.add("count_if(\(length) = 0)")
            )
        }
    }

    func read(_ answers: [SQLValue], rows: Int, into column: inout ColumnSummary) {
        column.rowCount = rows
        column.nullCount = rows - (answers[values].count ?? 0)
        column.roughDistinct = answers[distinct].count ?? 0
        if let bounds, answers[bounds.least] != .null {
            (column.minimum, column.maximum) = (answers[bounds.least], answers[bounds.greatest])
        }
        if let range { (column.lowest, column.highest) = (answers[range.least].number, answers[range.greatest].number) }
        if let moments, let signs {
            func finite(_ place: Int) -> Double? { answers[place].number.flatMap { $0.isFinite ? $0 : nil } }
            column.numbers = NumberFacts(
                mean: finite(moments.mean),
                standardDeviation: finite(moments.deviation),
                nanCount: special.flatMap { answers[$0.nan].count } ?? 0,
                positiveInfinityCount: special.flatMap { answers[$0.positive].count } ?? 0,
                negativeInfinityCount: special.flatMap { answers[$0.negative].count } ?? 0,
                zeroCount: answers[signs.zero].count ?? 0,
                negativeCount: answers[signs.negative].count ?? 0
            )
        }
        if let lengths, let least = answers[lengths.least].count, let greatest = answers[lengths.greatest].count {
            column.lengths = LengthFacts(
                minimum: least,
                maximum: greatest,
                mean: answers[lengths.mean].number ?? 0,
                emptyCount: answers[lengths.empty].count ?? 0
            )
        }
    }
}
