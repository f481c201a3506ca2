import Foundation
import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

struct LakeObjectTests {
    @Test func objectsAreThereForOthersWhenAWriteIsDone() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: 1)
        let contents = [[], [7], random.bytes(100), random.bytes(200_000), Array(repeating: 65, count: 100_000)]
        let ids = try lake.write { writer throws(MartletError) in
            var ids: [ObjectID] = []
            for content in contents {
                let id = try writer.put(content, as: .data)
                #expect(try writer.object(id) == content)
                ids.append(id)
            }
            return ids
        }
        let other = try scratch.lake()
        for (id, content) in zip(ids, contents) {
            #expect(id == ObjectID(hashing: content))
            #expect(try other.objects.object(id) == content)
        }
        #expect(try scratch.names(in: "lake/packs").count == 1)
    }

    @Test func theSameBytesAreStoredOnce() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        for _ in 0..<3 {
            try lake.write { writer throws(MartletError) in
                _ = try writer.put([1, 2, 3], as: .data)
                _ = try writer.put([1, 2, 3], as: .data)
            }
        }
        #expect(lake.objects.current.packs.count == 1)
    }

    @Test func anotherProcessSeesWhatWasAddedSinceItLooked() throws {
        let scratch = try Scratch()
        let (one, two) = (try scratch.lake(), try scratch.lake())
        let id = try one.write { writer throws(MartletError) in try writer.put([1], as: .data) }
        #expect(try two.objects.object(id) == [1])
    }

    @Test func aMissingObjectIsNamed() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        let id = ObjectID(hashing: [9])
        let error = #expect(throws: MartletError.self) { try lake.objects.object(id) }
        #expect(error?.code == .objectMissing)
        #expect(error?.message.contains(id.short) == true)
    }

    @Test func whatABodyAddedBeforeItThrewIsNotThere() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        let id = ObjectID(hashing: [1])
        #expect(throws: MartletError.self) {
            try lake.write { writer throws(MartletError) in
                _ = try writer.put([1], as: .data)
                throw MartletError(.internalFault, "stop")
            }
        }
        #expect(!lake.objects.contains(id))
    }

    @Test func aPackIsClosedWhenItIsFullAndReadMeanwhile() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: 2)
        let block = random.bytes(1 << 20)
        try lake.write { writer throws(MartletError) in
            var ids: [ObjectID] = []
            for number in UInt8(0)..<100 { ids.append(try writer.put([number] + block, as: .data)) }
            for (number, id) in ids.enumerated() { #expect(try writer.object(id).first == UInt8(number)) }
        }
        #expect(try scratch.names(in: "lake/packs").count == 4)
        for number in UInt8(0)..<100 {
            #expect(lake.objects.contains(ObjectID(hashing: [number] + block)))
        }
    }

    @Test func aLakeOfANewerMartletIsRefused() throws {
        let scratch = try Scratch()
        _ = try scratch.lake()
        try scratch.write(Array("martlet lake 9\n".utf8), to: "lake/format")
        let error = #expect(throws: MartletError.self) { try scratch.lake() }
        #expect(error?.code == .lakeTooNew)
        let missing = #expect(throws: MartletError.self) {
            try Lake.open(scratch.path + "/none", createIfMissing: false)
        }
        #expect(missing?.code == .lakeNotFound)
    }
}
