public import MartletCore

// A list as it is stored: the line `martlet chunks 1`, 1 if it holds lists or else 0, the count, and for each chunk its id
// and size. Numbers are LEB128.
extension ChunkList {
    private static let header = Array("martlet chunks 1\n".utf8)

    /// The list as it is stored.
    public var encoded: [UInt8] {
        var bytes = Self.header
        bytes.reserveCapacity(chunks.count * (ObjectID.byteCount + 4) + 32)
        bytes.append(holdsLists ? 1 : 0)
        bytes.append(number: chunks.count)
        for chunk in chunks {
            bytes.append(id: chunk.id)
            bytes.append(number: chunk.size)
        }
        return bytes
    }

    /// Reads a stored list.
    ///
    /// - Throws: `MartletError` MT3006 when it is none.
    public init(encoded bytes: [UInt8], id: ObjectID) throws(MartletError) {
        do throws(MalformedObject) {
            var reader = try ByteReader(bytes, after: Self.header)
            let kind = try reader.byte()
            guard kind < 2 else { throw MalformedObject("it has too many levels") }
            let count = try reader.count(ofAtLeast: ObjectID.byteCount + 1)
            guard count > 0 else { throw MalformedObject("it lists nothing") }
            var chunks: [Chunk] = []
            chunks.reserveCapacity(count)
            var total = 0
            for _ in 0..<count {
                let chunk = Chunk(id: try reader.id(), size: try reader.number())
                let (sum, overflows) = total.addingReportingOverflow(chunk.size)
                guard chunk.size > 0, !overflows else { throw MalformedObject("its sizes are impossible") }
                guard kind == 1 || chunk.size <= Chunker.mostBytes else {
                    throw MalformedObject("a chunk is too large")
                }
                total = sum
                chunks.append(chunk)
            }
            try reader.end()
            self.init(chunks, holdsLists: kind == 1)
        } catch {
            throw error.error("a list of chunks", id)
        }
    }
}
