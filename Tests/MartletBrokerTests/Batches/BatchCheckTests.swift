import MartletTestKit
import Testing

@testable import MartletBroker

@Suite("Checks of batches")
struct BatchCheckTests {
    /// One thing that is wrong with a batch, and the code that Kafka's protocol has for it.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: Int16?
        var rules = BatchRules()
        /// Whether the checksum is made right again afterwards.
        var isResealed = true
        var codec = CompressionCodec.none
        var change: @Sendable (inout [UInt8]) -> Void = { _ in }
    }

    static let cases: [Case] = [
        Case(testDescription: "in order", code: nil),
        Case(testDescription: "nothing", code: 2) { $0 = [] },
        Case(testDescription: "60 bytes", code: 2, isResealed: false) { $0 = Array($0.prefix(60)) },
        Case(testDescription: "one byte short", code: 2, isResealed: false) { $0.removeLast() },
        Case(testDescription: "a bit of a value changed", code: 2, isResealed: false) { $0[$0.count - 3] ^= 4 },
        Case(testDescription: "a bit of the checksum changed", code: 2, isResealed: false) { $0[18] ^= 1 },
        Case(testDescription: "a length of -1", code: 2) { $0.replaceSubrange(8..<12, with: [255, 255, 255, 255]) },
        Case(testDescription: "a length of 2 GiB", code: 2) { $0.replaceSubrange(8..<12, with: [127, 255, 255, 255]) },
        Case(testDescription: "a length of 10", code: 2) { $0.replaceSubrange(8..<12, with: [0, 0, 0, 10]) },
        Case(testDescription: "version 1", code: 87) { $0[16] = 1 },
        Case(testDescription: "two batches", code: 87, isResealed: false) { $0 += $0 },
        Case(testDescription: "longer than allowed", code: 10, rules: BatchRules(maxMessageBytes: 464)),
        Case(testDescription: "as long as allowed", code: nil, rules: BatchRules(maxMessageBytes: 465)),
        Case(testDescription: "no records", code: 87) { $0.replaceSubrange(57..<61, with: [0, 0, 0, 0]) },
        Case(testDescription: "more records than offsets", code: 87) { $0[60] = 6 },
        Case(testDescription: "more records than there are", code: 87) {
            $0[60] = 6
            $0[26] = 5
        },
        Case(testDescription: "fewer records than there are", code: 87) {
            $0[60] = 4
            $0[26] = 3
        },
        Case(testDescription: "a control batch of a client", code: 87) { $0[22] |= 0x20 },
        Case(testDescription: "a transaction without producer", code: 87) { $0[22] |= 0x10 },
        Case(testDescription: "a producer without number", code: 87) {
            $0.replaceSubrange(43..<51, with: [0, 0, 0, 0, 0, 0, 0, 1])
            $0.replaceSubrange(51..<53, with: [0, 0])
        },
        Case(testDescription: "codec 6", code: 76) { $0[22] |= 6 },
        Case(testDescription: "zstd for a new client", code: nil, codec: .zstd),
        Case(testDescription: "zstd for an old client", code: 76, rules: BatchRules(allowsZstd: false), codec: .zstd),
        Case(testDescription: "no key on a compacted topic", code: 87, rules: BatchRules(needsKeys: true)),
        Case(
            testDescription: "no key on a compacted topic, compressed",
            code: 87,
            rules: BatchRules(needsKeys: true),
            codec: .lz4
        ),
        Case(
            testDescription: "from the far future",
            code: 32,
            rules: BatchRules(latestTimestamp: PlainRecord.start + 3_600_000)
        ),
        Case(testDescription: "a record that is damaged", code: 87) { $0[61] ^= 1 },
        Case(
            testDescription: "compressed bytes that are none",
            code: 2,
            rules: BatchRules(recordChecks: .all),
            codec: .gzip
        ) { $0[61] = 0 },
        Case(testDescription: "compressed bytes that are none, taken on trust", code: nil, codec: .gzip) { $0[61] = 0 },
    ]

    static func batch(_ codec: CompressionCodec = .none) throws -> [UInt8] {
        var builder = RecordBatchBuilder(attributes: BatchAttributes(codec: codec))
        for record in PlainRecord.samples { builder.append(record) }
        return try builder.build()
    }

    static func seal(_ bytes: inout [UInt8]) {
        guard bytes.count >= 61 else { return }
        let crc = bytes.withUnsafeBytes { Checksum.crc32cByTables($0.slice(21, $0.count)) }
        bytes.replaceSubrange(17..<21, with: withUnsafeBytes(of: crc.bigEndian) { Array($0) })
    }

    @Test("Refuse what is wrong, with Kafka's code", arguments: cases)
    func codes(test: Case) throws {
        var bytes = try Self.batch(test.codec)
        test.change(&bytes)
        if test.isResealed { Self.seal(&bytes) }
        #expect(Self.code(of: bytes, test.rules) == test.code)
    }

    static func code(of bytes: [UInt8], _ rules: BatchRules) -> Int16? {
        bytes.withUnsafeBytes { bytes in
            do throws(LogError) {
                _ = try ValidatedBatch(bytes, rules: rules, using: BatchDecompressor(limit: 1 << 20))
                return nil
            } catch { return error.code }
        }
    }

    @Test("Never trap on changed bytes, whatever the codec", arguments: CompressionCodec.allCases)
    func fuzz(codec: CompressionCodec) throws {
        var random = SeededGenerator(seed: 11)
        let whole = try Self.batch(codec)
        for _ in 0..<3_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
            if Bool.random(using: &random) { Self.seal(&bytes) }
            _ = Self.code(of: bytes, BatchRules(needsKeys: true, recordChecks: .all))
            bytes.withUnsafeBytes { bytes in
                guard let view = RecordBatchView(bytes) else { return }
                let decompressor = BatchDecompressor(limit: 1 << 20)
                guard var records = try? view.records(using: decompressor) else { return }
                while let record = try? records.next() { for _ in record.headers {} }
            }
        }
    }

    @Test("Give up on records that become too large", arguments: CompressionCodec.allCases.filter { $0 != .none })
    func bomb(codec: CompressionCodec) throws {
        var builder = RecordBatchBuilder(attributes: BatchAttributes(codec: codec))
        builder.append(timestamp: 0, key: nil, value: [UInt8](repeating: 0, count: 4 << 20))
        let bytes = try builder.build()
        #expect(bytes.count < 400_000)
        #expect(Self.code(of: bytes, BatchRules(maxMessageBytes: 1 << 20, recordChecks: .all)) == 10)
        try bytes.withUnsafeBytes { bytes in
            let view = try #require(RecordBatchView(bytes))
            let plain = (4 << 20) + 13
            for (limit, fits) in [(plain - 1, false), (plain, true), (plain + 1, true)] {
                let result = Result { try view.records(using: BatchDecompressor(limit: limit)) }
                #expect(((try? result.get()) != nil) == fits, "limit \(limit)")
            }
        }
    }

    @Test("A snappy length that its bytes cannot have allocates nothing")
    func snappyLength() {
        // A varint of 200 MiB, and one byte.
        let bytes: [UInt8] = [0x80, 0x80, 0x80, 0x64, 0]
        bytes.withUnsafeBytes { bytes -> Void in
            #expect(throws: LogError.self) { _ = try BatchDecompressor().decompress(bytes, .snappy) }
        }
    }

    @Test("Offset and epoch need no new checksum, the broker's time does")
    func stamping() throws {
        let bytes = try Self.batch(.gzip)
        try bytes.withUnsafeBytes { bytes in
            var batch = try ValidatedBatch(bytes, rules: BatchRules(), using: BatchDecompressor())
            #expect(batch.withHeaderBytes { Array($0) } + Array(batch.records) == Array(bytes))
            let before = batch.header.crc
            batch.assign(baseOffset: 1 << 40, leaderEpoch: 7)
            try Self.withStamped(batch) { view in
                #expect(view.isIntact && view.header.crc == before && view.header == batch.header)
                #expect(view.header.baseOffset == 1 << 40 && view.header.partitionLeaderEpoch == 7)
            }
            batch.assign(logAppendTime: 99)
            try Self.withStamped(batch) { view in
                #expect(view.isIntact && view.header.crc != before && view.header == batch.header)
                let records = try view.plainRecords()
                #expect(records.map(\.timestamp) == [99, 99, 99, 99, 99])
                #expect(records.map(\.value) == PlainRecord.samples.map(\.value))
            }
            batch.assignCreateTime()
            try Self.withStamped(batch) { view in
                #expect(view.isIntact && !view.header.attributes.isLogAppendTime && view.header == batch.header)
            }
        }
    }

    /// The batch as it is stored.
    private static func withStamped(_ batch: ValidatedBatch, _ body: (RecordBatchView) throws -> Void) throws {
        let bytes = batch.withHeaderBytes { Array($0) } + Array(batch.records)
        try bytes.withUnsafeBytes { try body(#require(RecordBatchView($0))) }
    }

    @Test("Numbers of variable length are read as they were written, and nothing longer", arguments: [3, 17])
    func varints(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var numbers: [Int64] = [0, -1, 1, 63, -64, 64, .max, .min, Int64(Int32.max), Int64(Int32.min)]
        for _ in 0..<500 {
            numbers.append(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
        }
        for number in numbers {
            var bytes: [UInt8] = []
            bytes.append(varint: number)
            bytes.withUnsafeBytes { bytes in
                var cursor = ByteCursor(bytes)
                #expect(cursor.varlong() == number && cursor.remaining == 0)
                var narrow = ByteCursor(bytes)
                #expect(narrow.varint() == Int32(exactly: number).map(Int.init))
                var cut = ByteCursor(bytes.slice(0, bytes.count - 1))
                #expect(cut.varlong() == nil)
            }
        }
        let long = [UInt8](repeating: 0x80, count: 9) + [0x02]
        long.withUnsafeBytes { bytes in
            var cursor = ByteCursor(bytes)
            #expect(cursor.varlong() == nil)
        }
    }
}
