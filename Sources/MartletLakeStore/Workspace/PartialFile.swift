internal import Glibc
internal import MartletCore
internal import MartletLake

/// Files that a command began to write and did not complete, because it was killed.
enum PartialFile {
    /// Whether a file is the beginning of another one of the lake.
    ///
    /// `path`: absolute.
    ///
    /// - Throws: ``MartletError`` MT3030 and the like when the lake is damaged.
    static func isBeginning(
        _ path: [UInt8],
        of entry: FileEntry,
        _ objects: any ObjectReader
    ) throws(MartletError) -> Bool {
        let file = RawPath.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        let descriptor = Descriptor(owning: file)
        var info = stat()
        guard fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size < entry.size else { return false }
        var rest = Int(info.st_size)
        func isSame(_ bytes: [UInt8]) -> Bool {
            let count = min(rest, bytes.count)
            var read = [UInt8](repeating: 0, count: count)
            let got = read.withUnsafeMutableBytes { descriptor.readFully(into: $0) }
            rest -= count
            return got == count && bytes.starts(with: read)
        }
        guard case .chunked(let list) = entry.storage else { return isSame(try objects.object(entry.content)) }
        var cursor = try ChunkCursor(list: list, size: entry.size, objects: objects)
        while rest > 0, let chunk = try cursor.next() {
            if !isSame(try objects.object(chunk.id)) { return false }
        }
        return true
    }
}
