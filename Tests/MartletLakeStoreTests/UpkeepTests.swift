import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

struct UpkeepTests {
    /// Long after everything was written.
    private var later: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970 + 400 * 86_400) }

    @Test func aWholeLakeIsSound() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        for number in 0..<10 { try lake.commit(["f\(number % 3)": [UInt8(number)]], at: number) }
        let report = try lake.verify()
        #expect(report.isSound)
        #expect(report.packs == 10)
    }

    @Test func everyFlippedBitIsFoundAndNamed() throws {
        let scratch = try Scratch()
        var random = SplitMix64(seed: 3)
        let good = try scratch.lake("good")
        let content = random.bytes(2_000)
        let commits = [
            try good.commit(["a/b": content, "c": [1]], at: 1),
            try good.commit(["c": [2]], at: 2),
        ]
        for round in 0..<60 {
            let folder = scratch.path + "/bad"
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.copyItem(atPath: good.folder, toPath: folder)
            let names = try scratch.names(in: "bad/packs")
            let name = "bad/packs/" + names[round % names.count]
            var bytes = try scratch.read(name)
            let bit = Int(random.next() % UInt64(bytes.count * 8))
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            try scratch.write(bytes, to: name)
            let lake = try scratch.lake("bad")
            let report = try lake.verify()
            // What no object's bytes are may be hit: the pack's own header.
            #expect(!report.isSound || bit / 8 < 16 || lake.commits(commits, areWholeWith: content))
            for damage in report.damages where damage.id == ObjectID(hashing: content) {
                #expect(Set(report.touchedCommits) == Set(commits))
                #expect(report.lostFiles.map(\.path.display) == ["a/b"])
            }
            // Whatever is given out is right.
            for (id, bytes) in [(ObjectID(hashing: content), content), (ObjectID(hashing: [2]), [2])] {
                if let read = try? lake.objects.object(id) { #expect(read == bytes) }
            }
        }
    }

    @Test func aPackWithoutItsIndexIsReadByItsRecords() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        let commit = try lake.commit(["a": [1], "b": [2]])
        let name = "lake/packs/" + (try #require(scratch.names(in: "lake/packs").first))
        let bytes = try scratch.read(name)
        for cut in [1, 64, 100, 1_200] {
            try scratch.write(Array(bytes.dropLast(cut)), to: name)
            let other = try scratch.lake()
            #expect(try other.file("b", in: commit) == [2])
            let report = try other.verify()
            #expect(report.damagedIndexes.count == 1)
            #expect(report.damages == [])
        }
    }

    @Test func aMissingPackIsToldByWhatItHeld() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        try lake.commit(["a": [1]], at: 1)
        let before = try scratch.names(in: "lake/packs")
        let commit = try lake.commit(["b": [2]], at: 2)
        let pack = try #require(scratch.names(in: "lake/packs").first { !before.contains($0) })
        try FileManager.default.removeItem(atPath: "\(scratch.path)/lake/packs/\(pack)")
        let other = try scratch.lake()
        let report = try other.verify()
        #expect(report.damages.map(\.id) == [commit])
        #expect(throws: MartletError.self) { try other.collect(now: later) }
        // Added again, it is whole again.
        try lake.move(branch: .main, from: commit, to: nil, by: "x", why: "", at: instant(3))
        #expect(try other.verify().isSound)
    }

    @Test func aDamagedFileIsWholeAfterItIsAddedAgain() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: 5)
        let content = random.bytes(10_000)
        try lake.commit(["a": content])
        let name = "lake/packs/" + (try #require(scratch.names(in: "lake/packs").first))
        var bytes = try scratch.read(name)
        bytes[5_000] ^= 1
        try scratch.write(bytes, to: name)
        let other = try scratch.lake()
        #expect(try other.verify().damages.map(\.id) == [ObjectID(hashing: content)])
        _ = try scratch.lake().write { writer throws(MartletError) in try writer.put(content, as: .data) }
        #expect(try other.verify().isSound)
        #expect(try other.objects.object(ObjectID(hashing: content)) == content)
    }

    @Test func garbageGoesAndWhatIsReferredToStays() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: 8)
        let kept = random.bytes(50_000)
        let lost = random.bytes(200_000)
        let staged = random.bytes(1_000)
        let commit = try lake.commit(["a": kept], at: 1)
        try lake.commit(["x": lost], on: BranchName(trusted: "run/failed"), at: 2)
        let id = try lake.write { writer throws(MartletError) in
            // In one pack, a third of it wanted.
            _ = try writer.put(random.bytes(30_000), as: .data)
            return try writer.put(staged, as: .data)
        }
        try scratch.write(Array("\(id)\n".utf8), to: "lake/workspace/roots")
        // Nothing is old enough.
        #expect(try lake.collect(now: instant(100)).freedBytes == 0)

        var options = CollectOptions()
        options.isDryRun = true
        let plan = try lake.collect(RetentionPolicy(moveDays: 0), options, now: later)
        #expect(plan.expiredBranches.map(\.rawValue) == ["run/failed"])
        #expect(lake.objects.contains(ObjectID(hashing: lost)))
        options.isDryRun = false
        _ = try lake.collect(RetentionPolicy(moveDays: 0), options, now: later)
        // The branch went now, so what was on it goes the next time.
        let report = try lake.collect(RetentionPolicy(moveDays: 0), options, now: later + .seconds(86_400))
        #expect(report.objects >= report.liveObjects)
        #expect(!lake.objects.contains(ObjectID(hashing: lost)))
        let other = try scratch.lake()
        #expect(try other.file("a", in: commit) == kept)
        #expect(try other.objects.object(id) == staged)
        #expect(try other.verify().isSound)
    }

    @Test func whatAWriterReliesOnStaysWhoeverCollects() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        let content: [UInt8] = [1, 2, 3]
        let id = try lake.write { writer throws(MartletError) in try writer.put(content, as: .data) }
        // The pack is a day old: only the writer's touch protects it.
        let pack = try #require(scratch.names(in: "lake/packs").first)
        let old = [timespec](repeating: timespec(tv_sec: time(nil) - 86_400, tv_nsec: 0), count: 2)
        utimensat(AT_FDCWD, "\(scratch.path)/lake/packs/\(pack)", old, 0)
        let now = Timestamp(seconds: Date().timeIntervalSince1970)
        _ = try lake.write { writer throws(MartletError) in try writer.put(content, as: .data) }
        _ = try scratch.lake().collect(now: now)
        #expect(lake.objects.contains(id))
        // And one that is gone is written again, though this lake has it mapped.
        _ = try scratch.lake().collect(now: later)
        #expect(try scratch.names(in: "lake/packs") == [])
        #expect(lake.objects.current.find(id) != nil)
        _ = try lake.write { writer throws(MartletError) in try writer.put(content, as: .data) }
        #expect(try scratch.names(in: "lake/packs") == [pack])
        #expect(try scratch.lake().objects.object(id) == content)
    }

    @Test func manySmallPacksBecomeFewAndReadersGoOn() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        let reader = try scratch.lake()
        var ids: [ObjectID] = []
        for number in 0..<1_000 {
            ids.append(
                try lake.write { writer throws(MartletError) in
                    try writer.put(Array("object \(number)".utf8), as: .data)
                }
            )
            if number % 100 == 0 { #expect(reader.objects.contains(ids[number / 2])) }
        }
        #expect(try scratch.names(in: "lake/packs").count < 2 * Limits.loosePacks)
        for (number, id) in ids.enumerated() {
            #expect(try reader.objects.object(id) == Array("object \(number)".utf8))
        }
        #expect(try lake.verify().objects == 1_000)
    }

    @Test func anIndexOverAllPacksIsAsGoodAsEach() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var ids: [ObjectID] = []
        for number in 0..<50 {
            ids += try lake.write { writer throws(MartletError) in
                var ids: [ObjectID] = []
                for other in 0..<20 { ids.append(try writer.put(Array("\(number) \(other)".utf8), as: .data)) }
                return ids
            }
        }
        let path = lake.objects.combinedPath
        try CombinedIndex.build(over: lake.objects.current, at: path, in: lake.objects.indexFolder)
        let set = lake.objects.reload()
        #expect(set.combined?.count == 1_000)
        #expect(set.loose.isEmpty)
        for id in ids { #expect(set.find(id) != nil) }
        #expect(set.find(.zero) == nil)
        // However it is damaged, objects are found.
        let bytes = try scratch.read("lake/index/combined")
        var random = SplitMix64(seed: 4)
        for _ in 0..<20 {
            var damaged = bytes
            if random.next() % 3 == 0 {
                damaged.removeLast(Int(random.next() % UInt64(bytes.count)))
            } else {
                for _ in 0..<200 { damaged[Int(random.next() % UInt64(bytes.count))] ^= 0x55 }
            }
            try scratch.write(damaged, to: "lake/index/combined")
            let other = try scratch.lake()
            for id in ids { #expect(other.objects.contains(id)) }
        }
    }
}

extension Lake {
    fileprivate func commits(_ commits: [ObjectID], areWholeWith content: [UInt8]) -> Bool {
        commits.allSatisfy { (try? file("a/b", in: $0)) == content }
    }
}
