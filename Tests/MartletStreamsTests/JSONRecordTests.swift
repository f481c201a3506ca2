import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Records in JSON", .tags(.machine))
struct JSONRecordTests {
    private static let fields = [
        StreamField("i", .integer), StreamField("d", .double), StreamField("s", .text), StreamField("b", .boolean),
        StreamField("t", .timestamp),
    ]

    private func read(
        _ text: String,
        unit: StreamBatchBuilder.TimeUnit = .milliseconds
    ) throws(RecordFault)
        -> [StreamValue]
    {
        var builder = StreamBatchBuilder(Self.fields, timeUnit: unit)
        let bytes = Array(text.utf8)
        var fault: RecordFault?
        bytes.withUnsafeBytes { bytes in
            do throws(RecordFault) {
                try builder.append(json: bytes, timestamp: 5, offset: 9)
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        guard let batch = try? builder.take(partition: 1) else { return [] }
        return batch.columns.map { $0[0] }
    }

    @Test func members() throws {
        let values = try read(
            #" {"x": {"i": [1, "]", {}]}, "d": 2.5, "i": -7, "s": "a\"\u00fc\ud83d\ude00\n", "b": true, "t": 1500, "i": 8} "#
        )
        #expect(
            values == [.integer(8), .double(2.5), .text("a\"ü😀\n"), .boolean(true), .timestamp(1_500_000)]
        )
        #expect(try read("{}") == [.null, .null, .null, .null, .null])
        #expect(
            try read(#"{"i":null,"s":"","b":false,"\u0064":1}"#) == [
                .null, .double(1), .text(""), .boolean(false), .null,
            ]
        )
    }

    @Test(
        arguments: [
            ("2013-01-05T06:07:08Z", 1_357_366_028_000_000), ("2013-01-05 06:07:08.5z", 1_357_366_028_500_000),
            ("2013-01-05T06:07:08.123456789+02:00", 1_357_358_828_123_456), ("1969-12-31T23:59:59.999999-00:00", -1),
        ] as [(String, Int64)]
    )
    func instants(_ text: String, _ expected: Int64) throws {
        #expect(try read("{\"t\":\"\(text)\"}")[4] == .timestamp(expected))
    }

    @Test(
        arguments: [
            ("0", 0, 0), ("-0", -0.0, 0), ("1e3", 1000, 1000), ("2.0", 2, 2), ("9223372036854775807", 0x1p63, .max),
            ("-9223372036854775808", -0x1p63, .min), ("9223372036854775808", 0x1p63, nil), ("0.1", 0.1, nil),
            ("123456789012345678901234567890", 1.2345678901234568e29, nil),
            ("1.7976931348623157e308", 1.7976931348623157e308, nil),
            ("4.35", 4.35, nil), ("0.000001", 0.000001, nil), ("1E-2", 0.01, nil), ("100e-2", 1, 1),
            ("0.30000000000000004", 0.30000000000000004, nil),
        ] as [(String, Double, Int64?)]
    )
    func numbers(_ text: String, _ double: Double, _ integer: Int64?) throws {
        #expect(try read("{\"d\":\(text)}")[1] == .double(double))
        if let integer {
            #expect(try read("{\"i\": \(text)}")[0] == .integer(integer))
        } else {
            #expect(throws: RecordFault.self) { try read("{\"i\": \(text)}") }
        }
    }

    @Test func units() throws {
        #expect(try read(#"{"t": 1.5}"#, unit: .seconds)[4] == .timestamp(1_500_000))
        #expect(try read(#"{"t": 7}"#, unit: .microseconds)[4] == .timestamp(7))
        #expect(throws: RecordFault.self) { try read(#"{"t": 9223372036854775807}"#) }
    }

    @Test(arguments: [
        "", "[]", "{", "{\"i\"", "{\"i\":", "{\"i\":}", "{\"i\":1", "{\"i\":1,}", "{\"i\":01}", "{\"i\":-}",
        "{\"i\":1.}",
        "{\"i\":1e}", "{\"i\":\"1\"}", "{\"i\":1.5}", "{\"i\":true}", "{\"s\":1}", "{\"s\":\"a}", "{\"s\":\"\\x\"}",
        "{\"s\":\"\\u12g4\"}", "{\"s\":\"\u{1}\"}", "{\"b\":tru}", "{\"d\":1e999}", "{\"d\":NaN}", "{\"t\":\"2013\"}",
        "{\"t\":\"2013-02-30T00:00:00Z\"}", "{} x", "{\"x\":,}", "{\"x\":]}", "{\"x\":[}", "{'i':1}", "nul",
        "{\"t\":\"2013-01-05T06:07:08+0200\"}", "{\"t\":\"2013-01-05T06:07:08.\"}",
    ])
    func faults(_ text: String) {
        #expect(throws: RecordFault.self) { try read(text) }
    }

    @Test func faultyRecordsAddNothing() throws {
        var builder = StreamBatchBuilder(Self.fields)
        for (offset, text) in [#"{"i":1}"#, #"{"i":2,"d":"x"}"#, #"{"i":3}"#].enumerated() {
            Array(text.utf8).withUnsafeBytes { bytes in
                try? builder.append(json: bytes, timestamp: Int64(offset), offset: Int64(offset))
            }
        }
        let batch = try builder.take(partition: 3, nextOffset: 7, highWatermark: 8)
        #expect(
            batch.offsets == [0, 2] && batch.columns[0] == StreamColumn(.integers([1, 3])) && batch.nextOffset == 7
        )
        #expect(builder.count == 0)
        #expect(try builder.take(partition: 3, nextOffset: 9).count == 0)
    }

    @Test func anyBytesAreReadSafely() {
        let good = Array(
            #"{"x":[1,{"a":"b\u00e9"}],"i":-12,"d":1.5e-3,"s":"t\n","b":true,"t":"2013-01-05T06:07:08.5Z"}"#.utf8
        )
        var random = SeededGenerator(seed: 8)
        var builder = StreamBatchBuilder(Self.fields)
        for offset in 0..<3000 as Range<Int64> {
            var bytes = good
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    Bool.random(using: &random)
                    ? good.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            bytes.withUnsafeBytes { try? builder.append(json: $0, timestamp: 0, offset: offset) }
        }
        #expect(builder.count > 0 && builder.count < 3000)
        #expect((try? builder.take(partition: 0))?.count ?? 0 > 0)
    }
}
