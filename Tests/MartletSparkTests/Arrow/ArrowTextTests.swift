import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite("Arrow values are written as text")
struct ArrowTextTests {
    private static let values: [(ArrowValue, text: String, json: String)] = [
        (.null, "NULL", "null"),
        (.boolean(true), "true", "true"),
        (.integer(.min), "-9223372036854775808", "-9223372036854775808"),
        (.unsigned(.max), "18446744073709551615", "18446744073709551615"),
        (.double(1), "1.0", "1.0"),
        (.double(0.1), "0.1", "0.1"),
        (.double(-0.001), "-0.001", "-0.001"),
        (.double(0.00012), "1.2E-4", "0.00012"),
        (.double(12_345_678), "1.2345678E7", "12345678.0"),
        (.double(9_999_999), "9999999.0", "9999999.0"),
        (.double(1e300), "1.0E300", "1e+300"),
        (.double(-0.0), "-0.0", "-0.0"),
        (.double(.nan), "NaN", "\"NaN\""),
        (.double(-.infinity), "-Infinity", "\"-Infinity\""),
        (.float(3.4028235e38), "3.4028235E38", "3.4028235e+38"),
        (.float(100.5), "100.5", "100.5"),
        (.decimal(5, scale: 2), "0.05", "0.05"),
        (.decimal(-5, scale: 0), "-5", "-5"),
        (.decimal(-123_456, scale: 3), "-123.456", "-123.456"),
        (
            .decimal(99_999_999_999_999_999_999_999_999_999_999_999_999, scale: 38),
            "0.99999999999999999999999999999999999999", "0.99999999999999999999999999999999999999"
        ),
        (.text("a\"\\\n\u{1}ä"), "a\"\\\n\u{1}ä", #""a\"\\\n\u0001ä""#),
        (.binary([0, 255, 16]), "[00 FF 10]", "\"AP8Q\""),
        (.date(0), "1970-01-01", "\"1970-01-01\""),
        (.date(-719_162), "0001-01-01", "\"0001-01-01\""),
        (.date(-719_528 - 365), "-0001-01-01", "\"-0001-01-01\""),
        (.date(2_932_897), "+10000-01-01", "\"+10000-01-01\""),
        (.time(86_399_999_999, .microsecond), "23:59:59.999999", "\"23:59:59.999999\""),
        (.timestamp(-1, .microsecond, zone: nil), "1969-12-31 23:59:59.999999", "\"1969-12-31T23:59:59.999999\""),
        (
            .timestamp(1_709_210_096_123_400, .microsecond, zone: "Europe/Berlin"), "2024-02-29 13:34:56.1234",
            "\"2024-02-29T13:34:56.1234+01:00\""
        ),
        (
            .timestamp(1_720_000_000, .second, zone: "Europe/Berlin"), "2024-07-03 11:46:40",
            "\"2024-07-03T11:46:40+02:00\""
        ),
        (.timestamp(0, .second, zone: "UTC"), "1970-01-01 00:00:00", "\"1970-01-01T00:00:00Z\""),
        (.timestamp(0, .second, zone: "-05:30"), "1969-12-31 18:30:00", "\"1969-12-31T18:30:00-05:30\""),
        (.timestamp(0, .second, zone: "GMT+2"), "1970-01-01 02:00:00", "\"1970-01-01T02:00:00+02:00\""),
        (.timestamp(.max, .second, zone: nil), "+292277026596-12-04 15:30:07", "\"+292277026596-12-04T15:30:07\""),
        (
            .duration(93_784_005_006, .microsecond), "INTERVAL '1 02:03:04.005006' DAY TO SECOND",
            "\"INTERVAL '1 02:03:04.005006' DAY TO SECOND\""
        ),
        (
            .duration(.min, .microsecond), "INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND",
            "\"INTERVAL '-106751991 04:00:54.775808' DAY TO SECOND\""
        ),
        (.months(-14), "INTERVAL '-1-2' YEAR TO MONTH", "\"INTERVAL '-1-2' YEAR TO MONTH\""),
        (
            .interval(months: 14, days: -3, nanoseconds: 3_723_500_000_000),
            "1 years 2 months -3 days 1 hours 2 minutes 3.5 seconds",
            "\"1 years 2 months -3 days 1 hours 2 minutes 3.5 seconds\""
        ),
        (.interval(months: 0, days: 0, nanoseconds: 0), "0 seconds", "\"0 seconds\""),
        (.list([.integer(1), .null]), "[1, NULL]", "[1,null]"),
        (.structure([.init("a", .integer(1)), .init("b", .text("x"))]), "{1, x}", #"{"a":1,"b":"x"}"#),
        (.map([.init(.integer(1), .list([]))]), "{1 -> []}", #"{"1":[]}"#),
    ]

    @Test("Each kind of value", arguments: values.indices)
    func value(index: Int) {
        let (value, text, json) = Self.values[index]
        let formatter = ArrowFormatter()
        #expect(formatter.text(value) == text)
        var bytes = [UInt8]()
        formatter.appendJSON(value, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == json)
    }

    @Test("Java's way of floating-point numbers loses nothing")
    func floating() {
        var generator = ArrowFuzzTests.Generator(state: 7)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            let text = ArrowFormatter().text(.double(value))
            #expect(value.isNaN || Double(text) == value || Double(text.lowercased()) == value, "\(value) \(text)")
        }
    }

    @Test("A row as JSON has one member for each column")
    func row() throws {
        let batch = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("nested"))).batches[0]
        #expect(
            ArrowFormatter().json(batch, row: 0) == #"{"l":[1,null,3],"ll":["a"],"st":{"x":1,"tags":["p"]},"#
                + #""m":{"a":1.5,"b":null},"lst":[{"x":1,"tags":["p",null]}],"deep":[[[[1,2]],[]]],"#
                + #""mm":{"1":{"k":[true]}},"empty":{},"ln":[null,null]}"#
        )
    }

    @Test("CSV keeps nulls and empty texts apart, and quotes what needs it")
    func csv() throws {
        let batch = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("flat"))).batches[0]
        let wanted = [0, 4, 11, 13, 15, 19, 24]
        let schema = ArrowSchema(wanted.map { batch.schema.fields[$0] })
        let narrow = ArrowBatch(schema: schema, rowCount: 5, columns: wanted.map { batch.columns[$0] })
        var bytes = [UInt8]()
        let formatter = ArrowFormatter()
        formatter.appendCSVHeader(schema, to: &bytes)
        formatter.appendCSV(narrow, to: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == [
                    "b,i64,s,y,dec,date64,ts",
                    "true,-9223372036854775808,\"\",\"\",12.34,1970-01-01,1970-01-01 01:00:00",
                    ",9223372036854775807,a,AP8=,-0.01,1969-12-31,2024-02-29 13:34:56.123456",
                    "false,0,,,,,",
                    "true,1,grüße 😀,YWJj,99999999.99,2024-02-29,1970-01-01 00:59:59.999999",
                    "false,,\"line\nbreak\t\"\"quoted\"\"\",Cg==,0.00,1970-01-01,0001-01-01 00:53:28",
                    "",
                ].joined(separator: "\n")
        )
    }

    @Test("A table is aligned, cut to the width, and obeys nothing in the values")
    func table() throws {
        let batch = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("flat"))).batches[0]
        let wanted = [3, 11, 15]
        let schema = ArrowSchema(wanted.map { batch.schema.fields[$0] })
        var table = ArrowTextTable(schema, maximumRows: 5)
        try table.add(ArrowBatch(schema: schema, rowCount: 5, columns: wanted.map { batch.columns[$0] }))
        #expect(
            table.lines(width: 80) == [
                "        i32  s                            dec",
                "───────────  ───────────────────  ───────────",
                "-2147483648                             12.34",
                " 2147483647  a                          -0.01",
                "          0  NULL                        NULL",
                "       NULL  grüße 😀              99999999.99",
                "          1  line break \"quoted\"         0.00",
            ]
        )
        let narrow = table.lines(width: 32)
        #expect(narrow.allSatisfy { $0.count <= 32 })
        #expect(narrow[1].split(separator: " ").count == 3)
        #expect(narrow[5].contains("999999") && narrow[6].contains("line br") && narrow[6].contains("…"))
        #expect(table.lines(width: 10).allSatisfy { $0.count <= 10 })
        #expect(table.hiddenRows == 0)
        try table.add(ArrowBatch(schema: schema, rowCount: 5, columns: wanted.map { batch.columns[$0] }))
        #expect(table.hiddenRows == 5)
        let error = #expect(throws: MartletError.self) { try table.add(batch) }
        #expect(error?.code == .arrowMalformed)
    }

    @Test(
        "Spark's rows are shown as Spark shows them",
        arguments: ["spark-types", "spark-nested", "spark-range", "spark-empty", "spark-time"]
    )
    func spark(name: String) throws {
        let stream = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes(name)))
        // A line of show() is |cell|cell|; none of the values has a bar in it.
        let lines = try ArrowFixture.text("\(name).text").split(separator: "\n").filter { $0.hasPrefix("|") }
        let shown = lines.map { line in
            line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        let formatter = ArrowFormatter()
        let rows = stream.batches.flatMap { batch in
            (0..<batch.rowCount).map { batch.row($0).map(formatter.text) }
        }
        #expect([stream.schema.fields.map(\.name)] + rows == shown)
    }

    @Test("Compressed batches of Spark have the same rows", arguments: ["zstd", "lz4"])
    func sparkCompressed(codec: String) throws {
        let plain = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("spark-range"))).batches[0]
        let bytes = try ArrowFixture.bytes("spark-range-\(codec)")
        let packed = try ArrowStreamReader.read(ArrowBytes(bytes)).batches[0]
        #expect(plain.rowCount == 100 && packed.rowCount == 100)
        for row in 0..<100 { #expect(plain.row(row) == packed.row(row)) }
    }
}
