public import MartletCore

/// Writes the list of a file's chunks as they come.
public struct ChunkListWriter {
    private let objects: any ObjectWriter
    private var chunks: [ChunkList.Chunk] = []
    private var lists: [ChunkList.Chunk] = []

    /// A list without chunks, to be written to `objects`.
    public init(_ objects: any ObjectWriter) { self.objects = objects }

    /// Adds the chunk that follows.
    ///
    /// - Throws: what the objects' writer throws.
    public mutating func append(_ chunk: ChunkList.Chunk) throws(MartletError) {
        chunks.append(chunk)
        if ChunkList.ends(after: chunk.id, count: chunks.count) { try endList() }
    }

    /// Writes what is left.
    ///
    /// - Returns: the id of the list, for ``FileEntry/Storage/chunked(_:)``.
    /// - Throws: what the objects' writer throws.
    public mutating func finish() throws(MartletError) -> ObjectID {
        if !chunks.isEmpty { try endList() }
        if lists.count == 1 { return lists[0].id }
        return try objects.put(ChunkList(lists, holdsLists: true).encoded, as: .chunkList)
    }

    private mutating func endList() throws(MartletError) {
        let list = ChunkList(chunks)
        chunks.removeAll(keepingCapacity: true)
        lists.append(ChunkList.Chunk(id: try objects.put(list.encoded, as: .chunkList), size: list.size))
    }
}
