import MartletCore
import Testing

@testable import MartletQuality

/// Values on their way between suites, queries and results.
@Suite
struct CompilerValueTests {
    private static let moments: [(String, Int64?, Bool)] = [
        ("2020-01-31", 1_580_428_800_000_000, true), ("2020-1-5", 1_578_182_400_000_000, true),
        ("1969-12-31T23:59:59.5", -500_000, false), ("2020-01-31 10:00", 1_580_464_800_000_000, false),
        ("2020-01-31T10:00:00Z", 1_580_464_800_000_000, false),
        ("2020-01-31T10:00:00+02:00", 1_580_457_600_000_000, false),
        ("2020-02-30", nil, false), ("2020-13-01", nil, false), ("x", nil, false), ("2020-01-01T25:00", nil, false),
        ("", nil, false),
    ]

    @Test(arguments: moments)
    func readsMoments(_ text: String, _ microseconds: Int64?, _ isDate: Bool) {
        let moment = CivilText.moment(text)
        #expect(moment?.microseconds == microseconds)
        if microseconds != nil { #expect(moment?.isDate == isDate) }
    }

    private static let orders: [(SQLValue, SQLValue, Int?)] = [
        (.integer(1), .integer(2), -1), (.integer(1 << 53), .double(0x1p53), 0),
        (.integer((1 << 53) + 1), .double(0x1p53), 1),
        (.integer(.max), .double(0x1p63), -1), (.double(-.infinity), .integer(.min), -1),
        (.double(.nan), .integer(.max), 1),
        (.double(.nan), .double(.nan), 0), (.decimal("0.10"), .decimal("0.1"), 0), (.decimal("-2"), .decimal("-10"), 1),
        (.decimal("0.1"), .double(0.1), 0), (.wideInteger("99999999999999999999"), .integer(5), 1),
        (.date(1), .timestamp(86_400_000_000, hasZone: false), 0), (.text("a"), .text("é"), -1),
        (.text("a"), .integer(1), nil),
        (.null, .integer(1), nil),
    ]

    @Test(arguments: orders)
    func ordersValues(_ left: SQLValue, _ right: SQLValue, _ order: Int?) {
        #expect(ValueOrder.compare(left, right) == order)
        #expect(ValueOrder.compare(right, left) == order.map { -$0 })
    }

    private static let plain: [(Double, String)] = [
        (0.1, "0.1"), (1, "1"), (1e-7, "0.0000001"), (1.25e-5, "0.0000125"), (1e20, "100000000000000000000"),
        (-1.5e17, "-150000000000000000"), (123.456, "123.456"), (0, "0"),
    ]

    @Test(arguments: plain)
    func writesNumbersPlainly(_ value: Double, _ text: String) { #expect(TypedValue.plain(value) == text) }

    private static let places: [(Double, Int, QuantilePlace.Interpolation, [Int])] = [
        (0.25, 4, .discrete, [1]), (0, 4, .discrete, [1]), (1, 4, .discrete, [4]), (0.7, 10, .discrete, [7]),
        (0.1, 10, .discrete, [1]), (0.3, 10, .discrete, [3]), (0.29, 100, .discrete, [29]),
        (0.95, 5_000_000, .discrete, [4_750_000]),
        (0.25, 4, .nearest, [2]), (0.5, 4, .nearest, [3]), (0.5, 2, .nearest, [1]), (0.5, 4, .linear, [2, 3]),
        (0.5, 3, .linear, [2, 2]), (0.25, 4, .lower, [1]), (0.25, 4, .higher, [2]),
    ]

    @Test(arguments: places)
    func findsPlaces(_ quantile: Double, _ count: Int, _ interpolation: QuantilePlace.Interpolation, _ ranks: [Int]) {
        #expect(QuantilePlace(quantile, of: count, interpolation).ranks == ranks)
    }

    private static let samples: [(Int, Int, ClosedRange<Int>)] = [
        (10, 10_240, 10...11), (7_000, 10_240, 10_000...13_000), (10_240, 10_240, Int.max...Int.max), (0, 0, 0...0),
    ]

    @Test(arguments: samples)
    func estimatesHowManyAreDistinct(_ distinct: Int, _ rows: Int, _ range: ClosedRange<Int>) {
        #expect(range.contains(Cardinality.estimate(distinct: distinct, rows: rows)))
    }

    private static let types: [(String, String, TableColumn.Kind, Bool)] = [
        ("BIGINT", "BIGINT", .integer, true), ("int64", "BIGINT", .integer, true),
        ("LongType", "BIGINT", .integer, true),
        ("INTEGER", "BIGINT", .integer, false), ("Integer", "BIGINT", .integer, true),
        ("int8", "TINYINT", .integer, true),
        ("INT8", "BIGINT", .integer, true), ("float64", "DOUBLE", .floating, true),
        ("FLOAT", "DOUBLE", .floating, true),
        ("REAL", "DOUBLE", .floating, false), ("str", "VARCHAR", .text, true), ("StringType", "VARCHAR", .text, true),
        ("decimal(9, 2)", "DECIMAL(9,2)", .decimal, true), ("DECIMAL(9,3)", "DECIMAL(9,2)", .decimal, false),
        ("NUMERIC", "DECIMAL(9,2)", .decimal, true), ("datetime64[ns]", "TIMESTAMP", .timestamp, true),
        ("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", .timestampWithZone, true), ("bool", "BOOLEAN", .boolean, true),
        ("nonsense", "BIGINT", .integer, false), ("DATE", "TIMESTAMP", .timestamp, false),
    ]

    @Test(arguments: types)
    func knowsTheNamesOfAllEngines(_ name: String, _ type: String, _ kind: TableColumn.Kind, _ isSame: Bool) {
        #expect(TypeNames.matches(name, TableColumn(name: "c", type: type, kind: kind)) == isSame)
    }

    @Test
    func literalsKeepTheirTypes() async throws {
        let values: [(SQLValue, String)] = [
            (.integer(-5), "INTEGER"), (.double(0.1), "DOUBLE"), (.double(.nan), "DOUBLE"),
            (.double(-.infinity), "DOUBLE"),
            (.decimal("-0.10"), "DECIMAL(3,2)"), (.text("a'b"), "VARCHAR"), (.date(-1), "DATE"),
            (.timestamp(-1, hasZone: false), "TIMESTAMP"), (.time(1), "TIME"), (.boolean(true), "BOOLEAN"),
            (.bytes([0, 255]), "BLOB"),
        ]
        let list = values.map { SQLDialect.duckdb.literal($0.0) }.joined(separator: ", ")
        let table = try await CheckBench("SELECT 1 AS a").session.query("SELECT \(list)")
        #expect(table.columns.map(\.type) == values.map(\.1))
        for (read, (value, _)) in zip(table.rows[0], values) {
            if case .double(let number) = value, number.isNaN { continue }
            #expect(read == value)
        }
    }
}
