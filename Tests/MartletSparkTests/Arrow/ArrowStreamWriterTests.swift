import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite("Arrow streams are written")
struct ArrowStreamWriterTests {
    private static func rows(_ stream: ArrowStream) -> [[ArrowValue]] {
        stream.batches.flatMap { batch in (0..<batch.rowCount).map { batch.row($0) } }
    }

    private static func written(_ stream: ArrowStream, batch: Int = .max) throws -> [UInt8] {
        var writer = ArrowStreamWriter(stream.schema)
        for row in rows(stream) {
            try writer.append(row)
            if writer.rowCount == batch { writer.endBatch() }
        }
        return writer.finish()
    }

    @Test(
        "What pyarrow and Spark wrote is the same when written again",
        arguments: ArrowFixture.names + ["spark-types", "spark-nested", "spark-empty"]
    )
    func again(name: String) throws {
        let stream = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes(name)))
        for size in [Int.max, 1, 3] {
            let copy = try ArrowStreamReader.read(ArrowBytes(Self.written(stream, batch: size)))
            #expect(copy.schema == stream.schema)
            #expect(Self.rows(copy) == Self.rows(stream))
            #expect(!copy.batches.isEmpty)
        }
    }

    @Test("The bytes are those that pyarrow has read and found right", arguments: ["flat", "nested", "zero-rows"])
    func golden(name: String) throws {
        let stream = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes(name)))
        let bytes = try Self.written(stream)
        // To make them anew: MARTLET_WRITE_ARROW=1, then check_written.py beside them.
        if ProcessInfo.processInfo.environment["MARTLET_WRITE_ARROW"] == "1" {
            try ArrowFixture.save(bytes, "written-\(name)")
        }
        #expect(bytes == (try ArrowFixture.bytes("written-\(name)")))
    }

    @Test("What does not fit is refused with its place")
    func misfits() throws {
        let cases: [(ArrowType, ArrowValue, Bool)] = [
            (.integer(bits: 8, isSigned: true), .integer(127), true),
            (.integer(bits: 8, isSigned: true), .integer(128), false),
            (.integer(bits: 16, isSigned: false), .integer(-1), false),
            (.integer(bits: 64, isSigned: false), .integer(-1), false),
            (.integer(bits: 64, isSigned: true), .unsigned(.max), false),
            (.integer(bits: 32, isSigned: true), .text("1"), false),
            (.float, .double(0.1), false),
            (.float, .double(0.5), true),
            (.double, .integer(1 << 53 + 1), false),
            (.decimal(precision: 5, scale: 2), .decimal(99_999, scale: 2), true),
            (.decimal(precision: 5, scale: 2), .decimal(100_000, scale: 2), false),
            (.decimal(precision: 5, scale: 2), .decimal(1, scale: 3), false),
            (.decimal(precision: 5, scale: 2), .decimal(10, scale: 3), true),
            (.decimal(precision: 38, scale: 38), .integer(1), false),
            (.date, .date(1 << 40), false),
            (.timestamp(.microsecond, zone: "UTC"), .timestamp(1, .nanosecond, zone: "UTC"), false),
            (.timestamp(.microsecond, zone: "UTC"), .timestamp(.max, .second, zone: "UTC"), false),
            (.timestamp(.microsecond, zone: nil), .timestamp(1, .microsecond, zone: "UTC"), false),
            (.timestamp(.microsecond, zone: nil), .timestamp(1, .second, zone: nil), true),
            (.utf8(isLarge: false), .binary([1]), false),
            (.boolean, .integer(1), false),
            (.null, .integer(1), false),
            (.list(ArrowField("element", .boolean), isLarge: false), .list([.integer(1)]), false),
            (.structure([ArrowField("a", .boolean)]), .structure([]), false),
        ]
        for (type, value, fits) in cases {
            var writer = ArrowStreamWriter(ArrowSchema([ArrowField("price", type)]))
            if fits {
                try writer.append([value])
                #expect(try ArrowStreamReader.read(ArrowBytes(writer.finish())).batches[0].rowCount == 1)
            } else {
                var error: MartletError?
                do throws(MartletError) { try writer.append([value]) } catch let thrown { error = thrown }
                #expect(error?.code == .arrowValueInvalid, "\(type) \(value)")
            }
        }
        var strict = ArrowStreamWriter(ArrowSchema([ArrowField("id", .boolean, isNullable: false)]))
        var error: MartletError?
        do throws(MartletError) { try strict.append([.null]) } catch let thrown { error = thrown }
        #expect(error?.reason == "column id, row 0: it may not be null")
        do throws(MartletError) { try strict.append([]) } catch let thrown { error = thrown }
        #expect(error?.reason == "row 0 has 0 values for 1 columns")
    }
}
