import MartletCore
import MartletQuality
import Testing

@Suite
struct SeriesStreamTests {
    private func lines(
        _ text: String,
        time: String? = "t",
        value: String = "v",
        piece: Int = 1 << 20,
        explains: Bool = false
    ) throws -> [String] {
        var configuration = SeriesStream.Configuration(name: "x.csv", time: time, value: value)
        configuration.explains = explains
        var stream = SeriesStream(configuration)
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        var held: [UInt8] = []
        var at = 0
        repeat {
            let end = min(bytes.count, at + piece)
            held += bytes[at..<end]
            at = end
            let taken = try held.withUnsafeBufferPointer { buffer throws(MartletError) in
                try stream.take(buffer, isLast: false)
            }
            held.removeFirst(taken)
        } while at < bytes.count
        _ = try held.withUnsafeBufferPointer { buffer throws(MartletError) in try stream.take(buffer, isLast: true) }
        stream.takeOutput { output += $0 }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func objects(_ text: String, time: String? = "t") throws -> [[String: JSONValue]] {
        try lines(text, time: time).map { try JSONText.decode([String: JSONValue].self, from: $0) }
    }

    @Test
    func eachRowIsOneObject() throws {
        let rows = try objects("t,v\n2026-01-01,1\n2026-01-02,\n2026-01-03,two\n,NaN\nnoon,3\n")
        #expect(rows.count == 5)
        #expect(rows.map { $0["value"] } == [.integer(1), .null, .null, .null, .integer(3)])
        #expect(
            rows.map { $0["timestamp"] }
                == ["2026-01-01", "2026-01-02", "2026-01-03", "", "noon"].map(JSONValue.string)
        )
        for row in rows {
            #expect(
                Set(row.keys) == ["timestamp", "value", "expected", "lower", "upper", "score", "anomaly", "episode"]
            )
            #expect(row["anomaly"] == .bool(false))
            #expect(row["episode"] == .null)
        }
    }

    @Test(arguments: [
        ("t;v\n1;2\n2;3", 2), ("t\tv\r\n1\t2\r\n", 1), ("\u{FEFF}t,v\n1,2\n", 1), ("\"t\",\"v\"\n\"1\",\"2\"\n", 1),
        ("t,note,v\n1,\"a\nb, \"\"c\"\"\",2\n2,,3\n", 2), ("t,v\r1,2\r2,3\r", 2), ("t,v\n", 0), ("t,v", 0),
        ("t,v\n\n1,2\n\n", 1),
    ])
    func formsOfCSV(_ text: String, _ rows: Int) throws {
        for piece in [1, 2, 3, 1 << 20] {
            let lines = try lines(text, piece: piece)
            #expect(lines.count == rows)
            if rows > 0 { #expect(lines[0].hasPrefix(#"{"timestamp":"1","value":2,"#)) }
        }
    }

    @Test(arguments: [
        ("t,v\n1,\"2", "row 1 has a quote that is opened and never closed"),
        ("t,v\n1,2\n1,\"2\"x\n", "row 2 has text after the closing quote of field 2"),
        ("t,v\n1,2\n3\n", "row 2 has 1 field, and the header 2"),
        ("t,v\n1,2,3\n", "row 1 has 3 fields, and the header 2"),
        ("", "is empty"), ("\u{FEFF}", "is empty"),
    ])
    func brokenCSVNamesTheRow(_ text: String, _ message: String) {
        let error = #expect(throws: MartletError.self) { try lines(text) }
        #expect(error?.code == .seriesFileBroken)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test
    func anUnknownColumnIsNamedWithTheNearest() {
        let error = #expect(throws: MartletError.self) {
            try lines("timestamp,value\n1,2\n", time: "timestmp", value: "value")
        }
        #expect(error?.code == .seriesColumnMissing)
        #expect(error?.remedy == "did you mean timestamp?")
    }

    @Test(arguments: [
        ("1", "1"), ("-1.50", "-1.50"), ("+5", "5"), (".5", "0.5"), ("007", "7"), ("1e3", "1e3"), ("5.", "5"),
        (" 2.5 ", "2.5"), ("123456789012345678901234567890", "123456789012345678901234567890"), ("1e400", "null"),
        ("1e-400", "1e-400"), ("0x10", "null"), ("1,5", "null"), ("--1", "null"), ("1e", "null"), ("inf", "null"),
        ("-0", "-0"),
    ])
    func numbersAreEchoedAsTheyAre(_ field: String, _ expected: String) throws {
        let text = "t,v\n1,\"\(field)\"\n"
        #expect(try lines(text)[0].hasPrefix("{\"timestamp\":\"1\",\"value\":\(expected),"))
        _ = try objects(text)
    }

    @Test
    func anyTimeIsEchoedAsJSON() throws {
        let rows = try objects("t,v\n\"a\"\"b\\c\u{1}é\",1\n")
        #expect(rows[0]["timestamp"] == .string("a\"b\\c\u{1}é"))
        #expect(try objects("t,v\n9,1\n", time: nil)[0]["timestamp"] == .integer(1))
    }

    @Test
    func rowsDependOnEarlierOnesOnly() throws {
        var text = "t,v\n"
        for (row, value) in MadeSeries.daily.values(1500, seed: 9).enumerated() {
            text += "\(Timestamp(microseconds: MadeSeries.daily.time(row))),\(row % 211 == 7 ? "" : String(value))\n"
        }
        let all = try lines(text)
        for cut in [1, 40, 777, 1499] {
            let part = text.split(separator: "\n", omittingEmptySubsequences: false)[...cut].joined(separator: "\n")
            #expect(try lines(part) == Array(all[..<cut]))
        }
        #expect(try lines(text, piece: 4093) == all)
    }
}
