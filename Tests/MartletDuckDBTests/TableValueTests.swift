import Foundation
import MartletCore
import MartletDuckDB
import MartletTestKit
import Testing

/// Values and types as the engine gives them.
@Suite
struct TableValueTests {
    private static let values: [(sql: String, type: String, kind: TableColumn.Kind, value: SQLValue)] = [
        ("NULL", "\"NULL\"", .other, .null),
        ("true", "BOOLEAN", .boolean, .boolean(true)),
        ("(-5)::TINYINT", "TINYINT", .integer, .integer(-5)),
        ("300::SMALLINT", "SMALLINT", .integer, .integer(300)),
        ("(-70000)::INTEGER", "INTEGER", .integer, .integer(-70000)),
        ("9223372036854775807", "BIGINT", .integer, .integer(.max)),
        ("200::UTINYINT", "UTINYINT", .integer, .integer(200)),
        ("60000::USMALLINT", "USMALLINT", .integer, .integer(60000)),
        ("4000000000::UINTEGER", "UINTEGER", .integer, .integer(4_000_000_000)),
        ("18446744073709551615::UBIGINT", "UBIGINT", .integer, .wideInteger("18446744073709551615")),
        ("7::HUGEINT", "HUGEINT", .integer, .integer(7)),
        (
            "(-170141183460469231731687303715884105727)::HUGEINT", "HUGEINT", .integer,
            .wideInteger("-170141183460469231731687303715884105727")
        ),
        (
            "340282366920938463463374607431768211455::UHUGEINT", "UHUGEINT", .integer,
            .wideInteger("340282366920938463463374607431768211455")
        ),
        ("1.5::FLOAT", "FLOAT", .floating, .double(1.5)),
        ("0.1::DOUBLE", "DOUBLE", .floating, .double(0.1)),
        ("'-inf'::DOUBLE", "DOUBLE", .floating, .double(-.infinity)),
        ("12.5::DECIMAL(4,2)", "DECIMAL(4,2)", .decimal, .decimal("12.50")),
        ("(-0.05)::DECIMAL(9,2)", "DECIMAL(9,2)", .decimal, .decimal("-0.05")),
        ("(-12345.678)::DECIMAL(18,3)", "DECIMAL(18,3)", .decimal, .decimal("-12345.678")),
        ("7::DECIMAL(5,0)", "DECIMAL(5,0)", .decimal, .decimal("7")),
        (
            "12345678901234567890123456789.012345678::DECIMAL(38,9)", "DECIMAL(38,9)", .decimal,
            .decimal("12345678901234567890123456789.012345678")
        ),
        ("'Zoë 🐦 and more than twelve bytes'", "VARCHAR", .text, .text("Zoë 🐦 and more than twelve bytes")),
        ("''", "VARCHAR", .text, .text("")),
        ("'{\"a\": 1}'::JSON", "JSON", .json, .text("{\"a\": 1}")),
        ("'\\x00\\xFFab'::BLOB", "BLOB", .bytes, .bytes([0, 255, 97, 98])),
        ("'01101'::BIT", "BIT", .other, .other("01101")),
        ("DATE '2024-02-29'", "DATE", .date, .date(19_782)),
        ("DATE '-infinity'", "DATE", .date, .other("-infinity")),
        ("TIME '23:59:59.000001'", "TIME", .time, .time(86_399_000_001)),
        ("TIMETZ '12:30:05.5+05:30'", "TIME WITH TIME ZONE", .other, .other("12:30:05.5+05:30")),
        ("TIMESTAMP '1969-12-31 23:59:59.5'", "TIMESTAMP", .timestamp, .timestamp(-500_000, hasZone: false)),
        ("TIMESTAMP 'infinity'", "TIMESTAMP", .timestamp, .other("infinity")),
        ("TIMESTAMP_S '1970-01-01 00:00:02'", "TIMESTAMP_S", .timestamp, .timestamp(2_000_000, hasZone: false)),
        ("TIMESTAMP_MS '1970-01-01 00:00:02.5'", "TIMESTAMP_MS", .timestamp, .timestamp(2_500_000, hasZone: false)),
        ("TIMESTAMP_NS '1970-01-01 00:00:02'", "TIMESTAMP_NS", .timestamp, .timestamp(2_000_000, hasZone: false)),
        (
            "TIMESTAMP_NS '1970-01-01 00:00:02.000000001'", "TIMESTAMP_NS", .timestamp,
            .other("1970-01-01 00:00:02.000000001")
        ),
        (
            "TIMESTAMPTZ '1970-01-01 02:00:00+02'", "TIMESTAMP WITH TIME ZONE", .timestampWithZone,
            .timestamp(0, hasZone: true)
        ),
        (
            "INTERVAL '14 months 3 days 4 hours 5.25 seconds'", "INTERVAL", .interval,
            .other("1 year 2 months 3 days 04:00:05.25")
        ),
        ("INTERVAL '0 days'", "INTERVAL", .interval, .other("00:00:00")),
        (
            "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID", "UUID", .uuid,
            .other("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
        ),
        ("'b'::ENUM('a', 'b')", "ENUM('a', 'b')", .enumeration, .text("b")),
        ("[1, NULL, 3]", "INTEGER[]", .list, .list([.integer(1), .null, .integer(3)])),
        ("[]::VARCHAR[]", "VARCHAR[]", .list, .list([])),
        ("[['a'], []]", "VARCHAR[][]", .list, .list([.list([.text("a")]), .list([])])),
        ("[1, 2]::INTEGER[2]", "INTEGER[2]", .list, .list([.integer(1), .integer(2)])),
        (
            "{'a': 1, 'B c': NULL::VARCHAR}", "STRUCT(a INTEGER, \"B c\" VARCHAR)", .structure,
            .structure([.init(name: "a", value: .integer(1)), .init(name: "B c", value: .null)])
        ),
        (
            "MAP {'k': 2}", "MAP(VARCHAR, INTEGER)", .map,
            .list([.structure([.init(name: "key", value: .text("k")), .init(name: "value", value: .integer(2))])])
        ),
        ("union_value(num := 2)", "UNION(num INTEGER)", .other, .other("2")),
    ]

    @Test(arguments: values)
    func isExact(_ sql: String, _ type: String, _ kind: TableColumn.Kind, _ value: SQLValue) async throws {
        let session = try await empty()
        let table = try await session.query("SELECT \(sql) AS \"the value\" UNION ALL BY NAME SELECT 1 AS one")
        #expect(table.columns.first == TableColumn(name: "the value", type: type, kind: kind))
        #expect(table.rows.first?.first == value)
        #expect(table.rows.last?.first == .null)
    }

    @Test
    func spellsTypesAsTheEngineDoes() async throws {
        let session = try await empty()
        for (sql, type, _, _) in Self.values where sql != "NULL" {
            let described = try await session.query("SELECT column_type FROM (DESCRIBE SELECT \(sql))")
            #expect(described.rows == [[.text(type)]], "\(sql)")
        }
    }

    @Test
    func readsNotANumber() async throws {
        let table = try await empty().query("SELECT 'nan'::DOUBLE")
        guard case .double(let number) = table.rows.first?.first else {
            Issue.record("not a number is \(table.rows)")
            return
        }
        #expect(number.isNaN)
    }

    @Test
    func readsManyRowsOfLists() async throws {
        // More than one piece of rows, with nulls in places that tell a wrong bit or offset.
        let sql = """
            SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE [i, NULL, i + 1] END AS list,
                   CASE WHEN i % 64 = 63 THEN NULL ELSE {'i': i} END AS part FROM range(5000) AS t(i) ORDER BY i
            """
        let rows = try await empty().query(sql).rows
        #expect(rows.count == 5000)
        for (i, row) in rows.enumerated() {
            let n = Int64(i)
            #expect(row[0] == (i % 3 == 0 ? .null : .list([.integer(n), .null, .integer(n + 1)])))
            #expect(row[1] == (i % 64 == 63 ? .null : .structure([.init(name: "i", value: .integer(n))])))
        }
    }

    private func empty() async throws -> any TableSession {
        try await duckDBTables.open(.query("SELECT 1 AS one", inputs: []), settings: .init())
    }
}
