import Foundation
import Testing

@testable import MartletBroker

@Suite("Reading a log")
struct ReadingTests {
    @Test("A read gives whole batches, the first one although it is too long when that is asked for")
    func limits() throws {
        let bench = try LogBench(LogConfiguration(indexIntervalBytes: 150))
        for number in 0..<20 { try bench.append("value \(number % 10)") }
        let size = bench.log.size / 20
        for from in 0..<20 {
            for (limit, expected) in [
                (Int.min, 1), (0, 1), (1, 1), (size - 1, 1), (size, 1), (size + 1, 1), (2 * size - 1, 1), (2 * size, 2),
                (7 * size + 3, 7), (100 * size, 20), (Int.max, 20),
            ] {
                let read = try bench.log.read(from: Int64(from), maxBytes: limit, isolation: .readUncommitted)
                #expect(read.byteCount == min(expected, 20 - from) * size, "from \(from), limit \(limit)")
                let strict = try bench.log.read(
                    from: Int64(from),
                    maxBytes: limit,
                    isolation: .readUncommitted,
                    minOneBatch: false
                )
                #expect(strict.byteCount == (limit < size ? 0 : read.byteCount))
            }
        }
        let end = try bench.log.read(from: 20, maxBytes: 100, isolation: .readUncommitted)
        #expect(end.regions.isEmpty && end.highWatermark == 20)
        for offset in [Int64(-1), 21, .max, .min] {
            #expect(throws: LogError.self) {
                try bench.log.read(from: offset, maxBytes: 1, isolation: .readUncommitted)
            }
        }
    }

    @Test("A read goes on into the next segments, and a batch may begin before the offset")
    func segments() throws {
        let bench = try LogBench(LogConfiguration(segmentBytes: 100))
        for number in 0..<8 { try bench.append("a\(number)", "b\(number)") }
        #expect(bench.log.segmentCount == 8)
        let read = try bench.log.read(from: 3, maxBytes: 1 << 20, isolation: .readUncommitted)
        #expect(read.regions.count == 7)
        #expect(try ModelConsumer.batches(read).first?.baseOffset == 2)
        #expect(try bench.values(from: 3).first == "3=b1")
    }

    @Test("Appends between the steps of a flush are not seen before the next one")
    func flushing() throws {
        let bench = try LogBench(LogConfiguration(flush: .always, segmentBytes: 200))
        try bench.append("a")
        let pending = try #require(bench.log.prepareFlush())
        try bench.append("b")
        try bench.append("c")
        try pending.perform()
        #expect(bench.log.highWatermark == 0)
        bench.log.finishFlush(pending)
        #expect(bench.log.highWatermark == 1 && bench.log.recoveryPoint == 1)
        #expect(try bench.values() == ["0=a"])
        let syncs = bench.files.syncs
        try bench.log.flush(upTo: 1)
        #expect(bench.files.syncs == syncs)
        try bench.log.flush(upTo: 2)
        #expect(try bench.values() == ["0=a", "1=b", "2=c"])
        #expect(bench.log.prepareFlush() == nil)
        #expect(bench.log.latestOffset(.readUncommitted) == 3)
    }

    @Test("The broker's time is that of all records, and of look-ups")
    func logAppendTime() throws {
        var configuration = LogConfiguration(timestampType: .logAppendTime)
        configuration.indexIntervalBytes = 1
        let bench = try LogBench(configuration)
        for now in [Int64(500), 600, 700] {
            let bytes = try LogBench.batch(["a", "b"], at: 3, codec: .zstd)
            let result = try bench.log.append(bytes, rules: BatchRules(), at: now)
            #expect(result.logAppendTime == now)
        }
        let read = try bench.log.read(from: 0, maxBytes: 1 << 20, isolation: .readUncommitted)
        #expect(try ModelConsumer.records(read, from: 0).map(\.timestamp) == [500, 500, 600, 600, 700, 700])
        #expect(try bench.log.offset(forTimestamp: 501)?.offset == 2)
        #expect(try bench.log.offset(forTimestamp: 701) == nil)
        #expect(try bench.log.offsetOfMaxTimestamp()?.offset == 4)
    }

    @Test("Retention takes closed segments by age and by size, and never what is in an open transaction")
    func retention() throws {
        var configuration = LogConfiguration(segmentBytes: 100, retentionMilliseconds: 1_000)
        let bench = try LogBench(configuration)
        for number in 0..<10 as Range<Int64> { try bench.append("v\(number)", at: 1_000 * number) }
        #expect(try bench.log.retain(at: 5_500) == 5)
        #expect(bench.log.logStartOffset == 5)
        try bench.append("t", producer: (1, 0, 0), isTransactional: true, at: 9_500)
        #expect(try bench.log.retain(at: 1_000_000) > 0)
        #expect(bench.log.logStartOffset == 10)
        _ = try bench.end(.commit, 1)
        _ = try bench.log.retain(at: 1_000_000)
        #expect(bench.log.logStartOffset == 12 && bench.log.endOffset == 12)
        configuration.retentionMilliseconds = nil
        configuration.retentionBytes = 350
        bench.log.configuration = configuration
        for number in 0..<10 { try bench.append("v\(number)") }
        _ = try bench.log.retain(at: 1_000_000)
        #expect(bench.log.size >= 350 && bench.log.size - 100 < 350)
        #expect(bench.log.endOffset == 22)
    }

    @Test("What a reader has stays readable when its segment is removed", arguments: [true, false])
    func removal(isReal: Bool) throws {
        try Storage.with(isReal: isReal) { files, folder in
            let log = try PartitionLog.open("\(folder)/t-0", files: files, at: 0).log
            _ = try log.append(LogBench.batch(["old"]), rules: BatchRules(), at: 1)
            let read = try log.read(from: 0, maxBytes: 100, isolation: .readUncommitted)
            #expect(try log.deleteRecords(before: -1) == 1)
            #expect(log.segmentCount == 1 && log.logStartOffset == 1 && log.size == 0)
            #expect(try ModelConsumer.records(read, from: 0).map(\.value) == [Array("old".utf8)])
            #expect(try files.list("\(folder)/t-0").filter { $0.hasPrefix("00000000000000000000.") }.isEmpty)
            #expect(throws: LogError.self) { try log.deleteRecords(before: 2) }
        }
    }

    @Test("Index files are Kafka's: relative offset and position, time and relative offset")
    func indexFiles() throws {
        let bench = try LogBench(LogConfiguration(indexIntervalBytes: 1))
        for number in 0..<3 as Range<Int64> { try bench.append("v", at: 0x0102 + number) }
        let size = UInt8(bench.log.size / 3)
        try bench.log.close()
        #expect(
            bench.files.bytes(bench.path(0, .offsets))
                == [0, 0, 0, 1, 0, 0, 0, size, 0, 0, 0, 2, 0, 0, 0, 2 * size]
        )
        let zeros = [UInt8](repeating: 0, count: 6)
        #expect(
            bench.files.bytes(bench.path(0, .times))
                == zeros + [1, 2, 0, 0, 0, 0] + zeros + [1, 3, 0, 0, 0, 1] + zeros + [1, 4, 0, 0, 0, 2]
        )
    }
}

/// Both file systems, for what has to be the same on them.
enum Storage {
    static func with(isReal: Bool, _ body: (any LogFiles, String) throws -> Void) throws {
        guard isReal else { return try body(SimulatedFiles(), "data") }
        let folder = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(SystemLogFiles(), folder.path)
    }
}
