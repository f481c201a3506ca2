import MartletCore
import MartletLake
import Testing

struct ChunkListTests {
    @Test(arguments: [1, 2, 900, 5_000, 20_000]) func chunksComeBackInOrder(count: Int) throws {
        let objects = InMemoryObjects()
        let chunks = (0..<count).map { ChunkList.Chunk(id: ObjectID(hashing: Array("\($0)".utf8)), size: 1 + $0 % 9) }
        var writer = ChunkListWriter(objects)
        for chunk in chunks { try writer.append(chunk) }
        let list = try writer.finish()
        let size = chunks.reduce(0) { $0 + $1.size }
        var cursor = try ChunkCursor(list: list, size: size, objects: objects)
        var read: [ChunkList.Chunk] = []
        while let chunk = try cursor.next() { read.append(chunk) }
        #expect(read == chunks)
        #expect(cursor.offset == size)
        #expect(throws: MartletError.self) { try ChunkCursor(list: list, size: size + 1, objects: objects) }

        for position in [0, size / 3, size / 2, size - 1] {
            var cursor = try ChunkCursor(list: list, size: size, objects: objects)
            try cursor.seek(to: position)
            let start = cursor.offset
            let chunk = try #require(try cursor.next())
            #expect((start..<start + chunk.size).contains(position))
        }
        var past = try ChunkCursor(list: list, size: size, objects: objects)
        try past.seek(to: size)
        #expect(try past.next() == nil)
    }

    @Test func anEditOfAHugeFileWritesFewLists() throws {
        let objects = InMemoryObjects()
        var chunks = (0..<50_000).map { ChunkList.Chunk(id: ObjectID(hashing: Array("\($0)".utf8)), size: 1) }
        var writer = ChunkListWriter(objects)
        for chunk in chunks { try writer.append(chunk) }
        _ = try writer.finish()
        let before = objects.count
        chunks.insert(ChunkList.Chunk(id: ObjectID(hashing: [1]), size: 1), at: 25_000)
        writer = ChunkListWriter(objects)
        for chunk in chunks { try writer.append(chunk) }
        _ = try writer.finish()
        #expect(objects.count - before <= 3)
    }
}
