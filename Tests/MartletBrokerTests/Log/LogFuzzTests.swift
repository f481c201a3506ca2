import MartletTestKit
import Testing

@testable import MartletBroker

@Suite("Damaged files of a log")
struct LogFuzzTests {
    @Test("Never trap, and after recovery no damaged batch is visible", arguments: [false, true])
    func damage(isClean: Bool) throws {
        var random = SeededGenerator(seed: isClean ? 5 : 6)
        for round in 0..<150 {
            var bench = try LogBench(LogConfiguration(segmentBytes: 300, indexIntervalBytes: 1))
            for number in 0..<12 as Range<Int32> {
                try bench.append("v\(number)", producer: (7, 0, number), isTransactional: number > 5)
            }
            _ = try bench.end(.abort, 7)
            try bench.log.close()
            let names = try bench.files.list(LogBench.folder).sorted()
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let name = names[Int.random(in: 0..<names.count, using: &random)]
                bench.files.damage("\(LogBench.folder)/\(name)") { Self.damage(&$0, &random) }
            }
            let point = Bool.random(using: &random) ? nil : Int64.random(in: 0...20, using: &random)
            do {
                try bench.reopen(isClean: isClean, recoveryPoint: isClean ? nil : point)
            } catch let error as LogError {
                Issue.record("round \(round): \(error)")
            }
            try Self.readAll(bench.log, isTrusted: isClean || point != nil)
            try bench.append("more")
            _ = try bench.log.retain(at: 10_000_000_000)
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        case 1:
            bytes += (0..<Int.random(in: 1...50, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        case 2:
            guard !bytes.isEmpty else { return }
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
        default:
            for index in bytes.indices.suffix(Int.random(in: 0...bytes.count, using: &random)) { bytes[index] = 0 }
        }
    }

    /// Goes through all offsets; segments that were believed to be whole may hold anything.
    private static func readAll(_ log: PartitionLog, isTrusted: Bool) throws {
        for offset in log.logStartOffset...log.endOffset {
            for isolation in [PartitionLog.Isolation.readCommitted, .readUncommitted] {
                let read = try log.read(from: offset, maxBytes: 200, isolation: isolation)
                let batches = Result { try ModelConsumer.batches(read) }
                if !isTrusted { _ = try batches.get() }
            }
            _ = try log.offset(forTimestamp: offset * 10)
        }
        _ = try log.offsetOfMaxTimestamp()
    }
}
