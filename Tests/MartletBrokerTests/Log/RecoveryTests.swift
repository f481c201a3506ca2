import MartletCore
import Testing

@testable import MartletBroker

@Suite("Recovery of a log")
struct RecoveryTests {
    /// What a crash or a failing disk did to the file of three batches.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// How many of the three batches must be left.
        var left: Int
        var change: @Sendable (inout [UInt8], _ batch: Int) -> Void
    }

    static let cases: [Case] = [
        .init(testDescription: "nothing", left: 3) { _, _ in },
        .init(testDescription: "one byte more", left: 3) { bytes, _ in bytes.append(0) },
        .init(testDescription: "zeros after the end", left: 3) { bytes, _ in bytes += [UInt8](repeating: 0, count: 200)
        },
        .init(testDescription: "half a batch more", left: 3) { bytes, size in bytes += bytes.prefix(size / 2) },
        .init(testDescription: "a batch of an old offset more", left: 3) { bytes, size in bytes += bytes.prefix(size) },
        .init(testDescription: "the last byte cut", left: 2) { bytes, _ in bytes.removeLast() },
        .init(testDescription: "cut within the last header", left: 2) { bytes, size in
            bytes.removeLast(size - 30)
        },
        .init(testDescription: "a value of the last batch changed", left: 2) { bytes, _ in
            bytes[bytes.count - 2] ^= 1
        },
        .init(testDescription: "a value in the middle changed", left: 1) { bytes, size in bytes[2 * size - 2] ^= 1 },
        .init(testDescription: "a length in the middle changed", left: 1) { bytes, size in bytes[size + 9] ^= 0x40 },
        .init(testDescription: "an offset in the middle lowered", left: 1) { bytes, size in bytes[size + 7] = 0 },
        .init(testDescription: "zeros from the middle", left: 1) { bytes, size in
            for index in size..<bytes.count { bytes[index] = 0 }
        },
        .init(testDescription: "all gone", left: 0) { bytes, _ in bytes = [] },
    ]

    @Test("Cuts at the first byte that is no whole batch", arguments: cases)
    func damage(test: Case) throws {
        var bench = try LogBench()
        for number in 0..<3 as Range<Int32> { try bench.append("v\(number)", producer: (7, 0, number)) }
        let whole = try #require(bench.files.bytes(bench.path(0)))
        let size = whole.count / 3
        bench.files.damage(bench.path(0)) { test.change(&$0, size) }
        let damaged = try #require(bench.files.bytes(bench.path(0)))
        let report = try bench.reopen()
        #expect(bench.log.endOffset == Int64(test.left))
        #expect(report.cutBytes == damaged.count - test.left * size)
        #expect((report.reason != nil) == (report.cutBytes > 0))
        #expect(bench.files.bytes(bench.path(0)) == Array(whole.prefix(test.left * size)))
        // The producer goes on where the log ends.
        for number in Int32(0)..<3 {
            let result = try bench.append("v\(number)", producer: (7, 0, number))
            #expect(result.isDuplicate == (number < test.left) && result.baseOffset == Int64(number))
        }
        #expect(try bench.values() == ["0=v0", "1=v1", "2=v2"])
        #expect(bench.log.leaderEpoch == 1)
    }

    private static func segmented() throws -> LogBench {
        let bench = try LogBench(LogConfiguration(segmentBytes: 200, indexIntervalBytes: 1))
        for number in 0..<9 as Range<Int32> {
            try bench.append("v\(number)", producer: (7, 0, number), at: 1_000 + Int64(number))
        }
        try bench.log.flush()
        #expect(bench.log.segmentCount == 5)
        return bench
    }

    @Test("What comes after damage in an older segment goes, when it may not have lasted")
    func middle() throws {
        var bench = try Self.segmented()
        bench.files.damage(bench.path(4)) { $0[$0.count - 2] ^= 1 }
        let report = try bench.reopen()
        #expect(bench.log.endOffset == 5)
        #expect(report.reason?.contains("checksum") == true)
        #expect(try bench.files.list(LogBench.folder).filter { $0.contains("6.") || $0.contains("8.") }.isEmpty)
        #expect(try bench.values() == (0..<5).map { "\($0)=v\($0)" })
    }

    @Test("Segments before the recovery point are not gone through")
    func trusted() throws {
        var bench = try Self.segmented()
        let report = try bench.reopen(recoveryPoint: 9)
        let last = try #require(bench.files.bytes(bench.path(8))).count
        #expect(report.checkedBytes == last && report.cutBytes == 0)
        #expect(try bench.values() == (0..<9).map { "\($0)=v\($0)" })
        #expect(try bench.append("v8", producer: (7, 0, 8)).isDuplicate)
        #expect(try bench.append("v4", producer: (7, 0, 4)).isDuplicate)
    }

    @Test(
        "Missing or damaged indexes are made again",
        arguments: [SegmentName.Part.offsets, .times, .aborted, .producers],
        [true, false]
    )
    func indexes(part: SegmentName.Part, isMissing: Bool) throws {
        var bench = try Self.segmented()
        try bench.log.close()
        for offset in [Int64(2), 6, 8] {
            let path = bench.path(offset, part)
            guard bench.files.bytes(path) != nil else { continue }
            if isMissing { try bench.files.remove(path) } else { bench.files.damage(path) { $0.append(7) } }
        }
        try bench.reopen(isClean: true)
        #expect(try bench.values() == (0..<9).map { "\($0)=v\($0)" })
        for offset in 0..<9 as Range<Int64> {
            #expect(try bench.log.offset(forTimestamp: 1_000 + offset)?.offset == offset)
        }
        #expect(try bench.append("v8", producer: (7, 0, 8)).isDuplicate)
    }

    @Test("A clean end needs no look at the batches, and keeps the epoch")
    func clean() throws {
        var bench = try Self.segmented()
        try bench.log.close()
        #expect(throws: LogError.self) { try bench.append("late") }
        let report = try bench.reopen(isClean: true)
        #expect(report == RecoveryReport())
        #expect(bench.log.leaderEpoch == 0)
        #expect(try bench.append("v8", producer: (7, 0, 8)).isDuplicate)
        try bench.append("v9", producer: (7, 0, 9))
        #expect(try bench.values().count == 10)
    }

    @Test("What was under way is finished or taken back")
    func leftovers() throws {
        var bench = try Self.segmented()
        let whole = try #require(bench.files.bytes(bench.path(2)))
        for (name, bytes) in [
            (bench.path(0) + ".deleted", [UInt8](repeating: 1, count: 10)), (bench.path(2) + ".cleaned", [1, 2, 3]),
            (bench.path(4) + ".swap", bench.files.bytes(bench.path(4)) ?? []), ("\(LogBench.folder)/x.tmp", [1]),
        ] {
            try bench.files.open(name).write(bytes, at: 0)
        }
        try bench.reopen(recoveryPoint: 9)
        let names = try bench.files.list(LogBench.folder)
        #expect(names.allSatisfy { SegmentName.parse($0) != nil || $0 == LeaderEpochs.fileName }, "\(names)")
        #expect(bench.files.bytes(bench.path(2)) == whole)
        #expect(try bench.values() == (0..<9).map { "\($0)=v\($0)" })
    }

    @Test("Each start after a crash is a new epoch, which says where the last one ended")
    func epochs() throws {
        var bench = try LogBench()
        try bench.append("a", "b")
        try bench.reopen()
        try bench.append("c")
        try bench.reopen()
        #expect(bench.log.leaderEpoch == 2)
        #expect(bench.log.endOffset(ofEpoch: 0) ?? (9, 9) == (0, 2))
        #expect(bench.log.endOffset(ofEpoch: 1) ?? (9, 9) == (1, 3))
        #expect(bench.log.endOffset(ofEpoch: 2) ?? (9, 9) == (2, 3))
        #expect(bench.log.endOffset(ofEpoch: 3) == nil)
        let file = bench.files.bytes("\(LogBench.folder)/\(LeaderEpochs.fileName)")
        #expect(file == Array("0\n3\n0 0\n1 2\n2 3\n".utf8))
    }

    @Test("A full disk refuses the append, and the log goes on when there is room")
    func fullDisk() throws {
        let bench = try LogBench(LogConfiguration(segmentBytes: 400))
        var accepted = 0
        bench.files.set(.full(capacity: 1_500))
        for number in 0..<60 as Range<Int32> {
            do {
                try bench.append("value", producer: (7, 0, Int32(accepted)))
                accepted += 1
            } catch let error as LogError {
                #expect(error.code == 56 && error.cause?.code.number == 8004, "append \(number): \(error)")
            }
        }
        #expect(accepted > 5 && accepted < 30)
        bench.files.set(nil)
        for number in accepted..<60 { try bench.append("value", producer: (7, 0, Int32(number))) }
        #expect(try bench.values().count == 60)
        var again = bench
        try again.reopen()
        #expect(try again.values().count == 60)
    }

    @Test("After a failed fsync nothing is believed until a restart")
    func failedSync() throws {
        var bench = try LogBench(LogConfiguration(flush: .always))
        try bench.append("a")
        try bench.log.flush()
        try bench.append("b")
        bench.files.set(.syncFails(after: bench.files.syncs))
        #expect(throws: LogError.self) { try bench.log.flush() }
        bench.files.set(nil)
        #expect(try bench.code { try bench.append("c") } == 56)
        #expect(throws: LogError.self) { try bench.log.flush() }
        #expect(bench.log.highWatermark == 1)
        try bench.reopen()
        try bench.append("c")
    }
}
