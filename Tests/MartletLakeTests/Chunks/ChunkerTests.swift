import MartletCore
import MartletLake
import Testing

struct ChunkerTests {
    private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count { withUnsafeBytes(of: random.next().littleEndian) { bytes.append(contentsOf: $0) } }
        return Array(bytes.prefix(count))
    }

    @Test func theCutsStayWhereTheyAre() {
        let ends = Chunker.chunks(of: noise(600_000, seed: 0)).map(\.upperBound)
        #expect(
            ends == [
                37_819, 92_372, 132_099, 165_501, 202_323, 240_543, 253_441, 319_814, 360_344, 430_567, 468_242,
                497_496, 541_253, 578_691, 600_000,
            ]
        )
        // Bytes that are all alike give the hash no chance but at the limit.
        let flat = Chunker.chunks(of: [UInt8](repeating: 59, count: 300_000)).map(\.count)
        #expect(flat == [131_072, 131_072, 37_856])
    }

    @Test(arguments: 0..<5) func chunksCoverTheFileAndKeepTheirLengths(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let bytes = noise(Int.random(in: 0..<900_000, using: &random), seed: random.next())
        let chunks = Chunker.chunks(of: bytes)
        #expect(chunks.flatMap { bytes[$0] } == bytes)
        for chunk in chunks.dropLast() {
            #expect((Chunker.leastBytes...Chunker.mostBytes).contains(chunk.count))
        }
        if chunks.count > 20 { #expect((20 << 10..<56 << 10).contains(bytes.count / chunks.count)) }
    }

    @Test(arguments: 0..<6) func piecesOfAnyLengthGiveTheSameCuts(seed: Int) {
        let bytes = noise(700_000, seed: 3)
        var random = SplitMix64(seed: UInt64(seed))
        var chunker = Chunker()
        var ends: [Int] = []
        var position = 0
        bytes.withUnsafeBytes { buffer in
            while position < buffer.count {
                let length = Int.random(in: 0...[1, 10, 5_000, 300_000][seed % 4], using: &random)
                let end = min(buffer.count, position + length)
                while position < end {
                    guard let cut = chunker.cut(in: UnsafeRawBufferPointer(rebasing: buffer[position..<end])) else {
                        break
                    }
                    position += cut
                    ends.append(position)
                }
                position = end
            }
        }
        if ends.last != bytes.count { ends.append(bytes.count) }
        #expect(ends == Chunker.chunks(of: bytes).map(\.upperBound))
    }

    @Test(arguments: 0..<5) func anInsertionChangesFewChunks(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let bytes = noise(1_000_000, seed: random.next())
        var edited = bytes
        edited.insert(contentsOf: noise(Int.random(in: 1..<5_000, using: &random), seed: 9), at: bytes.count / 2)
        let old = Set(Chunker.chunks(of: bytes).map { Array(bytes[$0]) })
        let new = Chunker.chunks(of: edited).map { Array(edited[$0]) }
        #expect(new.filter { !old.contains($0) }.count <= 6)
    }
}
