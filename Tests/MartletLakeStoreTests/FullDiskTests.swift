import Foundation
import MartletCore
import MartletLake
import MartletTestKit
import Testing

@testable import MartletLakeStore

struct FullDiskTests {
    @Test(.enabled(if: TinyDisk.isAvailable)) func aFullDiskIsNamedAndTheLakeStaysAsItWas() throws {
        let disk = try TinyDisk(megabytes: 4)
        let lake = try Lake.open(disk.path + "/lake")
        let scratch = try Scratch()
        var random = SplitMix64(seed: 6)
        let commit = try lake.commit(["a": random.bytes(500_000)], at: 1)
        let large = try scratch.write(random.bytes(20_000_000), to: "large")
        for _ in 0..<2 {
            let error = #expect(throws: MartletError.self) {
                try lake.write { writer throws(MartletError) in try writer.add(fileAt: large) }
            }
            #expect(error?.code == .diskFull)
        }
        // Nothing of it is left, so that there is room again.
        try lake.commit(["b": random.bytes(500_000)], at: 2)
        let out = #expect(throws: MartletError.self) {
            for number in 0..<20 {
                let id = ObjectID(hashing: try #require(try lake.file("a", in: commit)))
                let entry = FileEntry(content: id, md5: .zero, size: 500_000)
                try lake.write(entry, to: "\(disk.path)/out-\(number)")
            }
        }
        #expect(out?.code == .diskFull)
        let other = try Lake.open(disk.path + "/lake")
        #expect(try other.verify().isSound)
        #expect(try other.file("a", in: commit)?.count == 500_000)
    }
}
