import Crypto
import Foundation
import MartletCore
import MartletLake
import Synchronization
import Testing

@testable import MartletLakeStore

struct AddingTests {
    @Test(arguments: [0, 1, 300, 262_144, 262_145, 1_000_000, 5_000_000, 20_000_000])
    func aFileIsReadBackAsItWas(_ size: Int) throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: UInt64(size))
        let content = random.bytes(size)
        let path = try scratch.write(content, to: "file")
        let added = try lake.write { writer throws(MartletError) in try writer.add(fileAt: path) }
        #expect(added.entry.content == ObjectID(hashing: content))
        #expect(added.entry.md5.hex == Insecure.MD5.hash(data: content).map { String(format: "%02x", $0) }.joined())
        #expect(added.entry.size == size)
        #expect(added.stamp.size == size)
        #expect((added.entry.storage == .whole) == (size <= 262_144))
        var chunks = 0
        if case .chunked(let list) = added.entry.storage {
            var cursor = try ChunkCursor(list: list, size: size, objects: lake.objects)
            var bytes: [UInt8] = []
            while let chunk = try cursor.next() {
                bytes += try lake.objects.object(chunk.id)
                chunks += 1
            }
            #expect(bytes == content)
            // However the file is read, the chunker alone says where it is cut.
            #expect(chunks == Chunker.chunks(of: content).count)
        }
    }

    @Test func manyFilesComeBackInOrder() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: 5)
        var paths: [LakePath] = []
        var contents: [[UInt8]] = []
        for number in 0..<500 {
            let content = random.bytes(Int(random.next() % 3_000) + (number % 100 == 0 ? 400_000 : 0))
            contents.append(content)
            paths.append(LakePath(trusted: Array("d\(number % 7)/f\(number)".utf8)))
            try scratch.write(content, to: "data/d\(number % 7)/f\(number)")
        }
        let added = try lake.write { [paths] writer throws(MartletError) in
            try writer.add(filesAt: paths, in: scratch.path + "/data")
        }
        #expect(added.map(\.entry.content) == contents.map { ObjectID(hashing: $0) })
        // Nothing is written a second time.
        let packs = try scratch.names(in: "lake/packs")
        let again = try lake.write { [paths] writer throws(MartletError) in
            let added = try writer.add(filesAt: paths, in: scratch.path + "/data")
            #expect(writer.totals.objects == 0)
            return added
        }
        #expect(again == added)
        #expect(try scratch.names(in: "lake/packs") == packs)
    }

    @Test func onlyFilesAreAdded() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        try scratch.write([1], to: "file")
        #expect(symlink("file", scratch.path + "/link") == 0)
        #expect(mkfifo(scratch.path + "/pipe", 0o644) == 0)
        for name in ["none", "link", "pipe", "lake"] {
            let error = #expect(throws: MartletError.self) {
                try lake.write { writer throws(MartletError) in try writer.add(fileAt: "\(scratch.path)/\(name)") }
            }
            #expect(error?.code == .sourceUnreadable)
            #expect(error?.message.contains(name) == true)
        }
    }
}

extension AddingTests {
    @Test func aFileThatKeepsChangingIsNamed() throws {
        let scratch = try Scratch()
        let lake = try scratch.lake()
        var random = SplitMix64(seed: 12)
        let path = try scratch.write(random.bytes(40_000_000), to: "log")
        let isDone = Mutex(false)
        let writer = Thread {
            let file = open(path, O_WRONLY | O_APPEND)
            while !isDone.withLock({ $0 }) { _ = write(file, "x", 1) }
            close(file)
        }
        writer.start()
        defer { isDone.withLock { $0 = true } }
        let error = #expect(throws: MartletError.self) {
            try lake.write { writer throws(MartletError) in try writer.add(fileAt: path) }
        }
        #expect(error?.code == .fileChangedWhileRead)
        #expect(error?.message.contains(path) == true)
    }
}
