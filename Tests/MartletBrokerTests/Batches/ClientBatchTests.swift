import Foundation
import Testing

@testable import MartletBroker

/// Batches as real clients write them; Tests/Peers/kafka_batches.py made the files.
@Suite("Batches of real clients")
struct ClientBatchTests {
    static let codecs: [(String, CompressionCodec)] = [
        ("none", .none), ("gzip", .gzip), ("snappy", .snappy), ("lz4", .lz4), ("zstd", .zstd),
    ]

    @Test("Are read with all that is in them", arguments: ["kafka-python", "aiokafka", "librdkafka"], codecs)
    func reading(client: String, codec: (String, CompressionCodec)) throws {
        let bytes = try BatchFiles.read(BatchFiles.fixtures.appending(path: "\(client)-\(codec.0).hex"))
        try bytes.withUnsafeBytes { bytes in
            let view = try #require(RecordBatchView(bytes))
            #expect(view.isIntact)
            #expect(view.header.attributes.codec == codec.1)
            #expect(view.header.recordCount == 5 && view.header.lastOffsetDelta == 4)
            #expect(view.header.totalBytes == bytes.count)
            #expect(view.header.maxTimestamp == PlainRecord.start + 400 * 86_400_000)
            #expect(try view.plainRecords() == PlainRecord.samples)
            // Idempotence is on for librdkafka alone.
            #expect(view.header.hasProducer == (client == "librdkafka"))
            if view.header.hasProducer { #expect(view.header.baseSequence == 0 && view.header.lastSequence == 4) }
        }
    }

    @Test("Pass the checks of Produce", arguments: ["kafka-python", "aiokafka", "librdkafka"], codecs)
    func accepting(client: String, codec: (String, CompressionCodec)) throws {
        let bytes = try BatchFiles.read(BatchFiles.fixtures.appending(path: "\(client)-\(codec.0).hex"))
        try bytes.withUnsafeBytes { bytes in
            let batch = try ValidatedBatch(bytes, rules: BatchRules(recordChecks: .all), using: BatchDecompressor())
            #expect(batch.header.recordCount == 5)
        }
    }

    @Test("Say who wrote them, and numbers go on at 0 after the highest")
    func producer() throws {
        let bytes = try BatchFiles.read(BatchFiles.fixtures.appending(path: "kafka-python-transactional.hex"))
        let header = try #require(bytes.withUnsafeBytes { RecordBatchHeader($0) })
        #expect(header.producerID == 4_000_000_007 && header.producerEpoch == 3)
        #expect(header.attributes.isTransactional && !header.attributes.isControl)
        #expect(header.baseSequence == 2_147_483_645)
        // 2147483645, 2147483646, 2147483647, 0, 1
        #expect(header.lastSequence == 1)
    }

    @Test("Built here without compression are the bytes that kafka-python writes")
    func building() throws {
        var builder = RecordBatchBuilder()
        for record in PlainRecord.samples { builder.append(record) }
        var theirs = try BatchFiles.read(BatchFiles.fixtures.appending(path: "kafka-python-none.hex"))
        // The one field that clients fill as they like.
        theirs.replaceSubrange(12..<16, with: [255, 255, 255, 255])
        #expect(try builder.build() == theirs)
    }

    @Test("Built here are what the peers have read", arguments: codecs)
    func goldens(codec: (String, CompressionCodec)) throws {
        var builder = RecordBatchBuilder(attributes: BatchAttributes(codec: codec.1), baseOffset: 40)
        for record in PlainRecord.samples { builder.append(record) }
        try check(builder.build(), "records-\(codec.0)", isExact: codec.1 == .none)
    }

    @Test("Built here in snappy-java's framing are read, by peers too")
    func framed() throws {
        var builder = RecordBatchBuilder(
            attributes: BatchAttributes(codec: .snappy),
            baseOffset: 40,
            hasFramedSnappy: true
        )
        for record in PlainRecord.samples { builder.append(record) }
        try check(builder.build(), "records-snappy-framed", isExact: false)
    }

    @Test("That end transactions are what the peers have read", arguments: [ControlRecord.Kind.commit, .abort])
    func control(kind: ControlRecord.Kind) throws {
        let marker = ControlRecord(kind, coordinatorEpoch: 9)
        let bytes = try marker.batch(producerID: 4711, epoch: 2, timestamp: PlainRecord.start)
        try check(bytes, "control-\(kind)", isExact: true, records: 1)
        bytes.withUnsafeBytes { bytes in
            let view = RecordBatchView(bytes)
            #expect(view?.header.baseSequence == -1)
            #expect(view.flatMap { ControlRecord(of: $0, using: BatchDecompressor()) } == marker)
        }
    }

    @Test("Without records, as compaction leaves them, are read by peers too")
    func empty() throws {
        let builder = RecordBatchBuilder(producer: .init(id: 4711, epoch: 2, baseSequence: 6), baseOffset: 40)
        let bytes = try builder.build(lastOffsetDelta: 4)
        try check(bytes, "empty", isExact: true, records: 0)
        #expect(bytes.withUnsafeBytes { RecordBatchHeader($0)?.lastOffset } == 44)
    }

    @Test("Follow one another in a response, which may end within one")
    func sequence() throws {
        let one = try BatchFiles.read(BatchFiles.fixtures.appending(path: "librdkafka-zstd.hex"))
        let two = try BatchFiles.read(BatchFiles.fixtures.appending(path: "aiokafka-none.hex"))
        for (bytes, count, hasRest) in [
            (one + two, 2, false), (one + two.dropLast(), 1, true), (one + two + one.prefix(5), 2, true),
            ([], 0, false),
            ([UInt8](repeating: 0, count: 100), 0, true),
        ] {
            bytes.withUnsafeBytes { bytes in
                var batches = RecordBatches(bytes)
                var found = 0
                while let batch = batches.next() { found += batch.header.recordCount == 5 ? 1 : 0 }
                #expect(found == count && batches.hasRest == hasRest)
            }
        }
    }

    /// Compares with a file; what a codec's library makes of bytes may change with its version, so that only the records
    /// are compared then.
    private func check(_ bytes: [UInt8], _ name: String, isExact: Bool, records: Int = 5) throws {
        let file = BatchFiles.goldens.appending(path: "\(name).hex")
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(at: BatchFiles.goldens, withIntermediateDirectories: true)
            try Data(BatchFiles.text(bytes).utf8).write(to: file)
        }
        let golden = try BatchFiles.read(file)
        if isExact { #expect(bytes == golden, "MARTLET_UPDATE_GOLDENS=1 writes what it is now") }
        for bytes in [bytes, golden] {
            try bytes.withUnsafeBytes { bytes in
                let view = try #require(RecordBatchView(bytes))
                #expect(view.isIntact)
                let found = try view.plainRecords()
                #expect(found.count == records)
                if records == 5 { #expect(found == PlainRecord.samples) }
            }
        }
    }
}
