import MartletTestKit
import Testing

@testable import MartletBroker

@Suite("Compaction")
struct CompactionTests {
    private struct Entry: Equatable {
        var offset: Int64
        var key: String?
        var value: String?
    }

    private static let configuration = LogConfiguration(segmentBytes: 400, indexIntervalBytes: 60)

    /// All data that readers of committed records see.
    private static func entries(_ log: PartitionLog) throws -> [Entry] {
        var found: [Entry] = []
        var next = log.logStartOffset
        while next < log.lastStableOffset {
            let read = try log.read(from: next, maxBytes: 1 << 20, isolation: .readCommitted)
            let hidden = read.aborted ?? []
            for region in read.regions {
                let bytes = try region.bytes()
                var position = 0
                while position < bytes.count {
                    try bytes.withUnsafeBytes { all in
                        let view = try #require(RecordBatchView(all.slice(position, all.count)))
                        #expect(view.isIntact)
                        position += view.header.totalBytes
                        next = max(next, view.header.lastOffset + 1)
                        let isHidden = hidden.contains {
                            $0.producerID == view.header.producerID && $0.firstOffset <= view.header.baseOffset
                                && view.header.baseOffset < $0.lastOffset
                        }
                        guard !view.header.attributes.isControl, !isHidden else { return }
                        let decompressor = BatchDecompressor()
                        var records = try view.records(using: decompressor)
                        while let record = try records.next() {
                            found.append(
                                Entry(
                                    offset: record.offset,
                                    key: record.key.map { String(decoding: $0, as: UTF8.self) },
                                    value: record.value.map { String(decoding: $0, as: UTF8.self) }
                                )
                            )
                        }
                    }
                }
            }
        }
        return found
    }

    /// A log of random changes of few keys, with producers, transactions and tombstones.
    private static func fill(_ log: PartitionLog, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var sequences: [Int64: Int32] = [:]
        for step in 0..<60 {
            let id = Int64.random(in: 0...3, using: &random)
            let isTransactional = id >= 2
            let count = Int.random(in: 1...3, using: &random)
            let bytes = try LogBench.batch(
                (0..<count).map { Int.random(in: 0..<5, using: &random) == 0 ? nil : "\(step).\($0)" },
                keys: (0..<count).map { _ in "key \(Int.random(in: 0..<6, using: &random))" },
                producer: id == 0 ? .none : .init(id: id, epoch: 0, baseSequence: sequences[id, default: 0]),
                isTransactional: isTransactional,
                codec: CompressionCodec.allCases[step % 5]
            )
            if id > 0 { sequences[id, default: 0] += Int32(count) }
            _ = try log.append(bytes, rules: BatchRules(), at: 1)
            if isTransactional, Bool.random(using: &random) {
                let kind: ControlRecord.Kind = Bool.random(using: &random) ? .abort : .commit
                _ = try log.appendMarker(.init(kind, coordinatorEpoch: 0), producerID: id, epoch: 0, at: 1)
            }
        }
        for id in [Int64(2), 3] {
            _ = try log.appendMarker(.init(.commit, coordinatorEpoch: 0), producerID: id, epoch: 0, at: 1)
        }
        try log.flush()
    }

    /// What has to be left: no record of a closed segment whose key comes again in one.
    private static func expected(_ all: [Entry], closedBefore end: Int64) -> [Entry] {
        all.filter { entry in
            entry.offset >= end
                || !all.contains { $0.key == entry.key && $0.offset > entry.offset && $0.offset < end }
        }
    }

    @Test("Keeps the last record of each key at its offset, and what producers need", arguments: 1...12)
    func random(seed: UInt64) throws {
        var bench = try LogBench(Self.configuration)
        try Self.fill(bench.log, seed: seed)
        let before = try Self.entries(bench.log)
        let closed = try #require(bench.log.segments.last?.baseOffset)
        let (end, producers) = (bench.log.endOffset, bench.log.producers)
        let report = try bench.log.compact(at: 1_000)
        #expect(report.segments > 3 && report.bytesAfter < report.bytesBefore)
        let expected = Self.expected(before, closedBefore: closed)
        #expect(try Self.entries(bench.log) == expected)
        #expect(try bench.log.compact(at: 1_000) == CompactionReport(), "the second round has nothing to do")
        try bench.reopen()
        #expect(try Self.entries(bench.log) == expected)
        #expect(bench.log.endOffset == end)
        #expect(
            bench.log.producers.producers.mapValues(\.nextSequence) == producers.producers.mapValues(\.nextSequence)
        )
        for offset in 0...end {
            let read = try bench.log.read(from: offset, maxBytes: 1, isolation: .readUncommitted)
            let first = try read.regions.first?.bytes().withUnsafeBytes { RecordBatchHeader($0) }
            #expect(first.map { $0.lastOffset >= offset } ?? (offset == end))
        }
    }

    @Test("Tombstones go when readers had time to see them")
    func tombstones() throws {
        var configuration = Self.configuration
        configuration.tombstoneMilliseconds = 5_000
        let bench = try LogBench(configuration)
        for (key, value) in [("a", "1"), ("b", "2"), ("a", nil), ("c", "3")] as [(String, String?)] {
            _ = try bench.log.append(LogBench.batch([value], keys: [key]), rules: BatchRules(), at: 1)
        }
        try bench.log.roll()
        _ = try bench.log.compact(at: 10_000)
        let kept = [Entry(offset: 1, key: "b", value: "2"), Entry(offset: 2, key: "a", value: nil)]
        let last = Entry(offset: 3, key: "c", value: "3")
        #expect(try Self.entries(bench.log) == kept + [last])
        let read = try bench.log.read(from: 0, maxBytes: 1 << 20, isolation: .readUncommitted)
        #expect(try ModelConsumer.records(read, from: 0).map(\.timestamp) == [100, 100, 100])
        _ = try bench.log.compact(at: 14_999)
        #expect(try Self.entries(bench.log) == kept + [last])
        _ = try bench.log.compact(at: 15_000)
        #expect(try Self.entries(bench.log) == [kept[0], last])
    }

    @Test("A crash at any change leaves each segment as it was or compacted", arguments: [3, 4])
    func crashes(seed: UInt64) throws {
        let whole = try LogBench(Self.configuration)
        try Self.fill(whole.log, seed: seed)
        let before = try Self.entries(whole.log)
        let closed = try #require(whole.log.segments.last?.baseOffset)
        let least = Self.expected(before, closedBefore: closed)
        var (change, crashes) = (0, 0)
        while true {
            let bench = try LogBench(Self.configuration)
            try Self.fill(bench.log, seed: seed)
            bench.files.set(.crash(atChange: bench.files.changes + change))
            let isDone = (try? bench.log.compact(at: 1_000)) != nil
            let files = bench.files.crashed(seed: UInt64(change))
            let point = bench.log.recoveryPoint
            let log = try PartitionLog.open(
                LogBench.folder,
                files: files,
                configuration: Self.configuration,
                recoveryPoint: change % 2 == 0 ? point : nil,
                at: 1
            ).log
            let after = try Self.entries(log)
            #expect(after.allSatisfy { before.contains($0) }, "change \(change)")
            #expect(least.allSatisfy { after.contains($0) }, "change \(change)")
            #expect(log.endOffset == bench.log.endOffset, "change \(change)")
            #expect(
                log.producers.producers.mapValues(\.nextSequence)
                    == bench.log.producers.producers.mapValues(\.nextSequence)
            )
            _ = try log.compact(at: 1_000)
            #expect(try Self.entries(log) == least, "change \(change)")
            if isDone { break }
            crashes += 1
            change += 1
        }
        #expect(crashes > 50)
    }
}
