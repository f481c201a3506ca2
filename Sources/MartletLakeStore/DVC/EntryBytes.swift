internal import MartletCore
internal import MartletLake

/// Reads files of the lake.
enum EntryBytes {
    /// The bytes of a small file.
    ///
    /// - Throws: what the objects' reader throws.
    static func all(of entry: FileEntry, _ objects: any ObjectReader) throws(MartletError) -> [UInt8] {
        var bytes: [UInt8] = []
        try forEachPiece(of: entry, objects) { bytes += $0 }
        return bytes
    }

    /// Calls `body` with the bytes of a file, piece by piece.
    ///
    /// - Throws: what the objects' reader throws.
    static func forEachPiece(
        of entry: FileEntry,
        _ objects: any ObjectReader,
        _ body: ([UInt8]) -> Void
    ) throws(MartletError) {
        guard case .chunked(let list) = entry.storage else { return body(try objects.object(entry.content)) }
        var cursor = try ChunkCursor(list: list, size: entry.size, objects: objects)
        while let chunk = try cursor.next() { body(try objects.object(chunk.id)) }
    }

    /// The hash that DVC 2 has of a file.
    ///
    /// - Throws: what the objects' reader throws.
    static func legacyMD5(of entry: FileEntry, _ objects: any ObjectReader) throws(MartletError) -> MD5Digest {
        var hash = LegacyMD5()
        var part: [UInt8] = []
        try forEachPiece(of: entry, objects) { piece in
            part += piece
            while part.count >= LegacyMD5.partBytes {
                part[..<LegacyMD5.partBytes].withUnsafeBytes { hash.update(part: $0) }
                part.removeFirst(LegacyMD5.partBytes)
            }
        }
        if !part.isEmpty { part.withUnsafeBytes { hash.update(part: $0) } }
        return hash.finalize()
    }
}
