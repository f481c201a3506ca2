import Testing

@testable import MartletBroker

@Suite("Idempotent producers")
struct ProducerTests {
    @Test("Each of the last five batches is answered with its first offset, an older one is refused")
    func duplicates() throws {
        let bench = try LogBench()
        try bench.append("plain")
        for number in 0..<7 as Range<Int32> {
            let result = try bench.append("a", "b", producer: (9, 0, 2 * number))
            #expect(result.baseOffset == 1 + 2 * Int64(number) && !result.isDuplicate)
        }
        for number in 0..<7 as Range<Int32> {
            let again = Result { try bench.append("a", "b", producer: (9, 0, 2 * number)) }
            if number < 2 {
                #expect(throws: LogError(45, "producer 9 is at number 14, and the batch at \(2 * number)")) {
                    try again.get()
                }
            } else {
                let result = try again.get()
                #expect(result.isDuplicate && result.baseOffset == 1 + 2 * Int64(number))
                #expect(result.lastOffset == result.baseOffset + 1)
            }
        }
        #expect(bench.log.endOffset == 15)
    }

    /// What a producer sends after numbers 0 to 2 of epoch 4.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var epoch: Int16
        var sequence: Int32
        var code: Int16?
    }

    static let cases: [Case] = [
        .init(testDescription: "the next", epoch: 4, sequence: 3, code: nil),
        .init(testDescription: "a gap", epoch: 4, sequence: 4, code: 45),
        .init(testDescription: "a part of what is there", epoch: 4, sequence: 2, code: 45),
        .init(testDescription: "an older instance", epoch: 3, sequence: 3, code: 47),
        .init(testDescription: "a newer instance from its start", epoch: 5, sequence: 0, code: nil),
        .init(testDescription: "a newer instance from elsewhere", epoch: 5, sequence: 3, code: 45),
    ]

    @Test("Numbers and epochs must follow", arguments: cases)
    func order(test: Case) throws {
        let bench = try LogBench()
        try bench.append("a", "b", "c", producer: (9, 4, 0))
        let code = try bench.code { try bench.append("d", producer: (9, test.epoch, test.sequence)) }
        #expect(code == test.code)
        #expect(bench.log.endOffset == (code == nil ? 4 : 3))
    }

    @Test("Numbers go on at 0 after the highest, also within a batch")
    func wrap() throws {
        let bench = try LogBench()
        try bench.append("a", "b", producer: (9, 0, Int32.max - 1))
        #expect(try bench.code { try bench.append("c", producer: (9, 0, 1)) } == 45)
        try bench.append("c", producer: (9, 0, 0))
        // Who is not known may start anywhere: retention may have taken what it wrote.
        try bench.append("a", "b", "c", "d", producer: (10, 0, Int32.max - 1))
        try bench.append("e", producer: (10, 0, 2))
        #expect(try bench.append("a", "b", "c", "d", producer: (10, 0, Int32.max - 1)).isDuplicate)
    }

    @Test("Producers that were idle too long are forgotten, those in a transaction are not")
    func expiry() throws {
        let bench = try LogBench()
        try bench.append("a", producer: (9, 0, 5), at: 100)
        try bench.append("a", producer: (10, 0, 5), isTransactional: true, at: 100)
        _ = try bench.log.retain(at: 100 + 86_400_000)
        #expect(bench.log.producerCount == 2)
        _ = try bench.log.retain(at: 101 + 86_400_000)
        #expect(bench.log.producerCount == 1)
        try bench.append("b", producer: (9, 0, 77))
    }

    @Test("Snapshots say all, and damaged ones nothing")
    func snapshots() throws {
        let bench = try LogBench()
        try bench.append("a", producer: (9, 0, 5))
        try bench.append("a", producer: (10, 3, 0), isTransactional: true)
        _ = try bench.end(.abort, 11, epoch: 2, coordinator: 6)
        let states = bench.log.producers
        let bytes = ProducerSnapshot.encode(states, at: 7)
        #expect(ProducerSnapshot.decode(bytes, at: 7) == states)
        #expect(ProducerSnapshot.decode(bytes, at: 8) == nil)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(ProducerSnapshot.decode(damaged, at: 7) == nil)
            #expect(ProducerSnapshot.decode(Array(bytes.prefix(index)), at: 7) == nil)
        }
    }
}

@Suite("Transactions on a partition")
struct PartitionTransactionTests {
    @Test("Committed readers stop before open transactions, and are told of aborted ones")
    func isolation() throws {
        let bench = try LogBench()
        try bench.append("a")
        try bench.append("t1", producer: (1, 0, 0), isTransactional: true)
        try bench.append("t2", producer: (2, 0, 0), isTransactional: true)
        try bench.append("b")
        #expect(bench.log.lastStableOffset == 1)
        #expect(bench.log.isInTransaction(1) && bench.log.isInTransaction(2) && !bench.log.isInTransaction(3))
        #expect(try bench.values(.readCommitted) == ["0=a"])
        #expect(try bench.values() == ["0=a", "1=t1", "2=t2", "3=b"])
        _ = try bench.end(.abort, 1)
        #expect(!bench.log.isInTransaction(1))
        #expect(bench.log.lastStableOffset == 2)
        #expect(try bench.values(.readCommitted) == ["0=a"])
        _ = try bench.end(.commit, 2)
        #expect(bench.log.lastStableOffset == 6)
        #expect(try bench.values(.readCommitted) == ["0=a", "2=t2", "3=b"])
        let read = try bench.log.read(from: 0, maxBytes: 1 << 20, isolation: .readCommitted)
        let aborted = AbortedTransaction(producerID: 1, firstOffset: 1, lastOffset: 4, lastStableOffset: 2)
        #expect(read.aborted == [aborted])
        #expect(try bench.log.read(from: 0, maxBytes: 1, isolation: .readCommitted).aborted == [])
        #expect(try bench.log.read(from: 0, maxBytes: 1 << 20, isolation: .readUncommitted).aborted == nil)
        // After its marker it says nothing any more.
        #expect(try bench.log.read(from: 5, maxBytes: 1 << 20, isolation: .readCommitted).aborted == [])
    }

    @Test("The file of aborted transactions is Kafka's: 34 bytes each")
    func abortedFile() throws {
        var bench = try LogBench()
        try bench.append("t", producer: (0x0102, 0, 0), isTransactional: true)
        _ = try bench.end(.abort, 0x0102)
        try bench.log.close()
        let bytes = bench.files.bytes(bench.path(0, .aborted))
        let zeros = [UInt8](repeating: 0, count: 7)
        #expect(bytes == [0, 0] + zeros.dropLast() + [1, 2] + zeros + [0] + zeros + [1] + zeros + [2])
        try bench.reopen(isClean: true)
        #expect(try bench.log.read(from: 0, maxBytes: 1 << 20, isolation: .readCommitted).aborted?.count == 1)
    }

    @Test("What does not last yet ends no transaction for readers")
    func hiddenMarker() throws {
        let bench = try LogBench(LogConfiguration(flush: .always))
        try bench.append("t", producer: (1, 0, 0), isTransactional: true)
        try bench.log.flush()
        #expect(bench.log.highWatermark == 1 && bench.log.lastStableOffset == 0)
        _ = try bench.end(.commit, 1)
        // The marker may still be lost, and the transaction be aborted instead.
        #expect(bench.log.highWatermark == 1 && bench.log.lastStableOffset == 0)
        try bench.log.flush()
        #expect(bench.log.highWatermark == 2 && bench.log.lastStableOffset == 2)
    }

    @Test("Markers of old producers and old coordinators are refused")
    func fencing() throws {
        let bench = try LogBench()
        try bench.append("t", producer: (1, 3, 0), isTransactional: true)
        #expect(try bench.code { try bench.end(.abort, 1, epoch: 2) } == 47)
        // An abort with a new epoch fences the producer that was too slow.
        _ = try bench.end(.abort, 1, epoch: 4, coordinator: 5)
        #expect(try bench.code { try bench.append("t", producer: (1, 3, 1), isTransactional: true) } == 47)
        #expect(try bench.code { try bench.end(.abort, 1, epoch: 4, coordinator: 4) } == 52)
        try bench.append("t", producer: (1, 4, 0), isTransactional: true)
        #expect(try bench.code { try bench.append("n", producer: (1, 4, 1)) } == 48)
    }
}
