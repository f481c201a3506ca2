import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite(.tags(.machine)) struct CoordinatorJournalTests {
    private func samples(_ count: Int, seed: UInt64 = 3) -> [CoordinatorRecord] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in RecordSamples.record(&random) }
    }

    @Test func whatIsAddedIsThere() throws {
        let file = FakeJournalFile()
        var (journal, content) = try CoordinatorJournal.open(file)
        #expect(content.records.isEmpty && content.tornBytes == 0)
        let records = samples(50)
        try journal.append(Array(records.prefix(20)))
        try journal.sync()
        try journal.append(Array(records.dropFirst(20)))
        try journal.sync()
        #expect(journal.length == file.durable.count)
        let again = try CoordinatorJournal.open(file.afterKill())
        #expect(again.content.records == records)
        #expect(again.journal.length == journal.length)
    }

    @Test func theFirstBytes() throws {
        let file = FakeJournalFile()
        var journal = try CoordinatorJournal.open(file).journal
        try journal.append([.groupDeleted("g")])
        // Length 4, checksum, 23 durable bytes, the record.
        let frame =
            bytes(hex: "04000000") + checksum(bytes(hex: "1700000000000000" + "02000167"))
            + bytes(hex: "1700000000000000" + "02000167")
        #expect(file.bytes == Array("martlet coordinators 1\n".utf8) + frame)
    }

    private func checksum(_ bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: JournalChecksum.of(bytes).littleEndian) { Array($0) }
    }

    @Test func aTornEndIsCutOffAtEveryByte() throws {
        let file = FakeJournalFile()
        var journal = try CoordinatorJournal.open(file).journal
        let records: [CoordinatorRecord] = [
            .groupDeleted("g"), .producerIDs(below: 1_000), .transactionDeleted("a longer name"),
            .offsetsEnded(groupID: "g", producerID: 1, isCommitted: false),
        ]
        var ends: [Int] = [journal.length]
        for record in records {
            try journal.append([record])
            ends.append(journal.length)
        }
        for cut in 0...file.bytes.count {
            let torn = FakeJournalFile(Array(file.bytes.prefix(cut)))
            let opened = try CoordinatorJournal.open(torn)
            let whole = max(0, ends.filter { $0 <= cut }.count - 1)
            #expect(opened.content.records == Array(records.prefix(whole)))
            #expect(torn.durable.count == max(ends[0], ends.last { $0 <= cut } ?? 0))
            // And what is added then is found behind it.
            var next = opened.journal
            try next.append([.producerIDs(below: 5)])
            let records = try CoordinatorJournal.open(torn.afterKill()).content.records
            #expect(records.last == .producerIDs(below: 5) && records.count == whole + 1)
        }
    }

    @Test func damageOfWhatWasDurableIsNotATornEnd() throws {
        let file = FakeJournalFile()
        var journal = try CoordinatorJournal.open(file).journal
        for name in ["a", "b", "c", "d", "e"] {
            try journal.append([.groupDeleted(name)])
            try journal.sync()
        }
        let durable = journal.length
        try journal.append([.groupDeleted("last")])
        for position in 23..<durable {
            var damaged = file.bytes
            damaged[position] ^= 0x10
            #expect { try CoordinatorJournal.open(FakeJournalFile(damaged)) } throws: {
                ($0 as? MartletError)?.code == .coordinatorJournalDamaged
            }
        }
        // The same damage where nothing was durable is a torn end.
        var torn = file.bytes
        torn[durable + 20] ^= 0x10
        #expect(try CoordinatorJournal.open(FakeJournalFile(torn)).content.records.count == 5)
    }

    @Test func pagesLostBeforeTheyWereDurableAreATornEnd() throws {
        let file = FakeJournalFile()
        var journal = try CoordinatorJournal.open(file).journal
        try journal.append([.groupDeleted("one")])
        try journal.sync()
        let durable = journal.length
        try journal.append([.groupDeleted("two")])
        try journal.append([.groupDeleted("three")])
        var bytes = file.bytes
        for index in durable..<durable + 10 { bytes[index] = 0 }
        let content = try CoordinatorJournal.open(FakeJournalFile(bytes)).content
        #expect(content.records == [.groupDeleted("one")])
        #expect(content.tornBytes == file.bytes.count - durable)
    }

    @Test func filesThatAreNoJournal() {
        for (text, code) in [
            ("martlet coordinators 2\n", ErrorCode.coordinatorJournalTooNew),
            ("something else entirely, really", .coordinatorJournalDamaged),
            ("hello", .coordinatorJournalDamaged),
        ] {
            #expect { try CoordinatorJournal.open(FakeJournalFile(Array(text.utf8))) } throws: {
                ($0 as? MartletError)?.code == code
            }
        }
        // A whole record that means nothing to us was written by a newer Martlet.
        var future = Array("martlet coordinators 1\n".utf8)
        JournalFrame.append([99, 0, 1], durable: 0, to: &future)
        #expect { try CoordinatorJournal.open(FakeJournalFile(future)) } throws: {
            ($0 as? MartletError)?.code == .coordinatorJournalTooNew
        }
    }

    @Test(arguments: [0, 1, 7, 16, 17, 30]) func aFullDiskLeavesNoHalfRecord(after: Int) throws {
        let file = FakeJournalFile()
        var journal = try CoordinatorJournal.open(file).journal
        try journal.append([.groupDeleted("one")])
        file.fail(.fullDisk(after: after))
        #expect(throws: MartletError.self) { try journal.append([.groupDeleted("a longer name than the others")]) }
        file.fail(nil)
        #expect(!journal.isBroken)
        try journal.append([.groupDeleted("three")])
        try journal.sync()
        let records = try CoordinatorJournal.open(file.afterKill()).content.records
        #expect(records == [.groupDeleted("one"), .groupDeleted("three")])
    }

    @Test func nothingIsAddedBehindWhatIsNotKnown() throws {
        for fault in [FakeJournalFile.Fault.stuck(after: 3), .noSync] {
            let file = FakeJournalFile()
            var journal = try CoordinatorJournal.open(file).journal
            file.fail(fault)
            #expect(throws: MartletError.self) {
                try journal.append([.groupDeleted("one")])
                try journal.sync()
            }
            file.fail(nil)
            #expect(journal.isBroken)
            #expect { try journal.append([.groupDeleted("two")]) } throws: {
                ($0 as? MartletError)?.code == .coordinatorJournalDamaged
            }
            #expect(throws: MartletError.self) { try journal.sync() }
            #expect(throws: MartletError.self) { try journal.compact([]) }
        }
    }

    @Test func writingAnew() throws {
        let file = FakeJournalFile()
        var journal = try CoordinatorJournal.open(file).journal
        let offset = CoordinatorRecord.offsetsCommitted(OffsetsRecord(groupID: "g", producerID: nil, offsets: []))
        try journal.append(Array(repeating: offset, count: 1_000))
        #expect(!journal.isWorthCompacting)
        try journal.append(Array(repeating: .groupDeleted(String(repeating: "g", count: 30_000)), count: 150))
        #expect(journal.isWorthCompacting)
        file.fail(.noReplace)
        #expect(throws: MartletError.self) { try journal.compact([offset]) }
        #expect(!journal.isBroken)
        #expect(try CoordinatorJournal.open(file.afterKill()).content.records.count == 1_150)
        file.fail(nil)
        try journal.compact([offset])
        try journal.append([.groupDeleted("later")])
        #expect(!journal.isWorthCompacting)
        #expect(try CoordinatorJournal.open(file.afterKill()).content.records == [offset, .groupDeleted("later")])
    }
}

/// The same on the fake and on the disk.
@Suite(.tags(.conformance)) struct JournalFileTests {
    enum Kind: CaseIterable {
        case fake
        case disk
    }

    @Test(arguments: Kind.allCases) func conformance(kind: Kind) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("coordinators").path
        let file: any JournalFile = kind == .fake ? FakeJournalFile() : DiskJournalFile(path: path)
        #expect(try file.read() == [])
        try file.append([1, 2, 3])
        try file.append([])
        try file.append([4])
        try file.sync()
        #expect(try file.read() == [1, 2, 3, 4])
        try file.truncate(to: 2)
        #expect(try file.read() == [1, 2])
        try file.append([9])
        #expect(try file.read() == [1, 2, 9])
        try file.replace(with: [7, 8])
        #expect(try file.read() == [7, 8])
        // The open file is the new one, not the one that was replaced.
        try file.append([6])
        try file.sync()
        #expect(try file.read() == [7, 8, 6])
        try file.replace(with: [])
        #expect(try file.read() == [])
        if kind == .disk {
            let other = DiskJournalFile(path: path)
            try other.append([5])
            #expect(try file.read() == [5])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["coordinators"])
        }
    }

    @Test func coordinatorsOnADisk() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("journal-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for start in 0..<3 as Range<Int64> {
            let file = DiskJournalFile(path: path)
            var (store, recovery) = try CoordinatorStore<DiskJournalFile, Int>.open(
                file,
                state: CoordinatorState(),
                now: 5
            )
            // Every start begins with another block of ids, and cuts off what a crash has left.
            let answer = store.state.initProducerID("x\(start)", timeout: 1_000, version: 4, now: 5)
            #expect(answer.answer.identity.producerID == start * 1_000)
            #expect(store.state.transactions.transactions.count == Int(start))
            #expect(recovery.tornBytes == (start == 0 ? 0 : 3))
            try store.hand(answer.records, 1)
            #expect(store.flush().error == nil)
            if start == 1 { try store.compactIfWorth(always: true) }
            try file.append([1, 2, 3])
        }
    }

    @Test func errorsOfTheDisk() throws {
        let missing = DiskJournalFile(path: "/nonexistent/coordinators")
        #expect(try missing.read() == [])
        for body in [{ try missing.append([1]) }, { try missing.replace(with: [1]) }, { try missing.sync() }] {
            #expect { try body() } throws: { ($0 as? MartletError)?.code == .fileUnwritable }
        }
        #expect { try DiskJournalFile(path: "/").read() } throws: {
            ($0 as? MartletError)?.code == .storeUnavailable
        }
        #expect { try DiskJournalFile(path: "/dev/full").append([1]) } throws: {
            ($0 as? MartletError)?.code == .diskFull
        }
    }
}
