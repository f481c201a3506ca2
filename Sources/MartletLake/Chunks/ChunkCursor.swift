public import MartletCore

/// Goes through the chunks of a large file in order; keeps two lists in memory.
public struct ChunkCursor: Sendable {
    private let objects: any ObjectReader
    /// The lists still to be read, the next one last.
    private var lists: [ChunkList.Chunk]
    /// The chunks of the current list, the next one last.
    private var chunks: [ChunkList.Chunk] = []
    /// Where in the file the next chunk begins.
    public private(set) var offset = 0

    /// Stands before the first chunk.
    ///
    /// - Parameters:
    ///   - list: the id in the file's ``FileEntry/Storage/chunked(_:)``.
    ///   - size: the file's size, which the chunks must add up to.
    ///   - objects: where the lists are.
    /// - Throws: `MartletError` MT3006 when it is no such list, and what the objects' reader throws.
    public init(list: ObjectID, size: Int, objects: any ObjectReader) throws(MartletError) {
        self.objects = objects
        let root = try ChunkList(encoded: objects.object(list), id: list)
        guard root.size == size else { throw Self.sizes(list) }
        lists = root.holdsLists ? root.chunks.reversed() : []
        if !root.holdsLists { chunks = root.chunks.reversed() }
    }

    /// The next chunk; nil at the end.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed list, and what the objects' reader throws.
    public mutating func next() throws(MartletError) -> ChunkList.Chunk? {
        if chunks.isEmpty, let next = lists.popLast() {
            let list = try ChunkList(encoded: objects.object(next.id), id: next.id)
            guard !list.holdsLists, list.size == next.size else { throw Self.sizes(next.id) }
            chunks = list.chunks.reversed()
        }
        guard let chunk = chunks.popLast() else { return nil }
        offset += chunk.size
        return chunk
    }

    /// Goes on to the chunk that holds the byte at `position`; only forward, and past whole lists where it can.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed list, and what the objects' reader throws.
    public mutating func seek(to position: Int) throws(MartletError) {
        while true {
            if let chunk = chunks.last {
                guard offset + chunk.size <= position else { return }
                _ = try next()
            } else if let list = lists.last, offset + list.size <= position {
                offset += list.size
                lists.removeLast()
            } else {
                guard let chunk = try next() else { return }
                chunks.append(chunk)
                offset -= chunk.size
            }
        }
    }

    private static func sizes(_ id: ObjectID) -> MartletError {
        MalformedObject("its sizes are not those of the file").error("a list of chunks", id)
    }
}
