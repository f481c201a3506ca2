internal import Crypto
internal import Glibc
internal import MartletCore

/// Reads an index from the first record to the last, out of the mapped file.
final class WorkIndexReader {
    /// The tree that the records are of.
    let root: ObjectID
    /// How many records there are.
    let count: Int

    /// The record that ``next()`` came to.
    private(set) var record = IndexRecord(path: [], content: .zero, size: 0, isExecutable: false, stamp: nil)

    private let bytes: UnsafeRawBufferPointer
    private var offset = IndexFormat.headerBytes
    private var released = 0
    private let end: Int

    /// The index at `path`; nil when there is none that is whole.
    init?(path: String) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var info = stat()
        let least = IndexFormat.headerBytes + IndexFormat.digestBytes
        guard fstat(file, &info) == 0, info.st_size >= least else { return nil }
        let size = Int(info.st_size)
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else { return nil }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
        end = size - IndexFormat.digestBytes
        guard let header = Self.header(of: bytes) else {
            munmap(start, size)
            return nil
        }
        (root, count) = header
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

    /// The tree that the index at `path` says it is of; nil when there is none.
    static func root(of path: String) -> ObjectID? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var header = [UInt8](repeating: 0, count: IndexFormat.headerBytes)
        guard pread(file, &header, header.count, 0) == header.count, header.starts(with: IndexFormat.magic) else {
            return nil
        }
        return ObjectID(bytes: header[8..<40])
    }

    /// Goes on to the next record; false at the end.
    func next() -> Bool {
        guard offset + IndexFormat.recordBytes <= end else { return false }
        func number<Number: FixedWidthInteger>(_ place: Int, _ type: Number.Type) -> Number {
            Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + place, as: type))
        }
        let shared = Int(number(0, UInt16.self))
        let added = Int(number(2, UInt16.self))
        let flags = number(4, UInt32.self)
        let name = offset + IndexFormat.recordBytes
        guard shared <= record.path.count, name + added <= end else { return false }
        record.path.removeSubrange(shared...)
        record.path.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[name..<(name + added)]))
        record.size = number(8, Int64.self)
        record.isExecutable = flags & IndexFormat.executable != 0
        record.content =
            ObjectID(bytes: UnsafeRawBufferPointer(rebasing: bytes[(offset + 48)..<(offset + 80)])) ?? .zero
        record.stamp = nil
        if flags & IndexFormat.stamped != 0 {
            record.stamp = WorkStamp(
                size: number(16, Int64.self),
                modified: number(24, Int64.self),
                changed: number(32, Int64.self),
                inode: number(40, UInt64.self),
                isExecutable: flags & IndexFormat.fileExecutable != 0
            )
        }
        offset = name + added
        release()
        return true
    }

    /// What is read need not stay in memory.
    private func release() {
        guard offset - released > 8 << 20, let base = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: base + released), 8 << 20, MADV_DONTNEED)
        released += 8 << 20
    }

    private static func header(of bytes: UnsafeRawBufferPointer) -> (ObjectID, Int)? {
        let end = bytes.count - IndexFormat.digestBytes
        let header = UnsafeRawBufferPointer(rebasing: bytes[..<IndexFormat.headerBytes])
        guard header.starts(with: IndexFormat.magic) else { return nil }
        var hash = SHA256()
        var place = IndexFormat.headerBytes
        while place < end {
            let next = min(end, place + (8 << 20))
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[place..<next]))
            // Pages of the file come back when they are read again.
            if let base = bytes.baseAddress, next < end {
                let page = (place + 4_095) & ~4_095
                if next > page { madvise(UnsafeMutableRawPointer(mutating: base + page), next - page, MADV_DONTNEED) }
            }
            place = next
        }
        hash.update(bufferPointer: header)
        guard hash.finalize().elementsEqual(bytes[end...]),
            let root = ObjectID(bytes: UnsafeRawBufferPointer(rebasing: header[8..<40]))
        else { return nil }
        let count = UInt64(littleEndian: header.loadUnaligned(fromByteOffset: 40, as: UInt64.self))
        return (root, Int(clamping: count))
    }
}
