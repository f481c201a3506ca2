import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct CoordinatorRecordTests {
    @Test func checksumsAreCastagnolis() {
        // RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRCs.
        #expect(JournalChecksum.of(Array("123456789".utf8)) == 0xE306_9283)
        #expect(JournalChecksum.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(JournalChecksum.of([UInt8](repeating: 0xff, count: 32)) == 0x62A8_AB43)
        #expect(JournalChecksum.of(Array(0..<32)) == 0x46DD_794E)
        #expect(JournalChecksum.of([]) == 0)
    }

    @Test func whatIsWrittenIsRead() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<1_000 {
            let record = RecordSamples.record(&random)
            let read = try CoordinatorRecord(encoded: record.encoded[...])
            #expect(read == record)
            #expect(read.encoded == record.encoded)
        }
    }

    /// The format, written by hand: it must not change without a new version.
    @Test func goldenBytes() throws {
        let commit = CoordinatorRecord.offsetsCommitted(
            OffsetsRecord(
                groupID: "g",
                producerID: nil,
                offsets: [
                    OffsetsRecord.Entry(
                        partition: TopicPartition("t", 2),
                        committed: CommittedOffset(offset: 300, leaderEpoch: -1, metadata: "m", commitTime: 64)
                    )
                ]
            )
        )
        #expect(
            commit.encoded
                == bytes(hex: "0300" + "0167" + "00" + "01" + "0174" + "04" + "d804" + "01" + "016d" + "8001" + "00")
        )
        #expect(CoordinatorRecord.producerIDs(below: 1_000).encoded == bytes(hex: "0800" + "d00f"))
        #expect(CoordinatorRecord.groupDeleted("g").encoded == bytes(hex: "0200" + "0167"))
        let ended = CoordinatorRecord.offsetsEnded(groupID: "g", producerID: 3, isCommitted: true)
        #expect(ended.encoded == bytes(hex: "0500" + "0167" + "06" + "01"))
        let transaction = TransactionRecord(
            transactionalID: "x",
            producerID: 1,
            producerEpoch: 2,
            timeout: 3,
            phase: .prepareAbort,
            partitions: [TopicPartition("t", 1), TopicPartition("t", 0)],
            groups: ["g"],
            startTime: 5,
            updateTime: 6
        )
        #expect(
            CoordinatorRecord.transaction(transaction).encoded
                == bytes(
                    hex: "0600" + "0178" + "02" + "04" + "01" + "01" + "06" + "03" + "02017400017402" + "010167" + "0a"
                        + "0c"
                )
        )
    }

    @Test func bytesThatAreNoRecords() {
        for hex in ["", "00", "0100", "0900", "0301", "02000167ff", "020002ff", "0200016780", "050001670602", "08"] {
            #expect(throws: MalformedRecord.self) { try CoordinatorRecord(encoded: bytes(hex: hex)[...]) }
        }
        // A count that promises more than there is.
        #expect(throws: MalformedRecord.self) {
            try CoordinatorRecord(encoded: bytes(hex: "0400" + "0167" + "ffffffffffffffffff01")[...])
        }
        #expect(throws: MalformedRecord.self) {
            try CoordinatorRecord(encoded: bytes(hex: "0800ffffffffffffffffff02")[...])
        }
        // A phase and an epoch that do not exist.
        #expect(throws: MalformedRecord.self) {
            try CoordinatorRecord(
                encoded: bytes(hex: "0600" + "0178" + "02" + "808004" + "01" + "01" + "06" + "00000000" + "00")[...]
            )
        }
    }

    @Test func cutAndChangedBytesDoNotTrap() {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<60 {
            let encoded = RecordSamples.record(&random).encoded
            let readable = (0..<encoded.count).filter { (try? CoordinatorRecord(encoded: encoded[..<$0])) != nil }
            #expect(readable.isEmpty)
            for _ in 0..<20 {
                var changed = encoded
                changed[Int.random(in: 0..<changed.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                _ = try? CoordinatorRecord(encoded: changed[...])
            }
        }
    }
}
