internal import Crypto
internal import Glibc
internal import MartletCore

/// Writes an index from the first record to the last, beside the one that is there, and puts it in its place.
///
/// It is a cache and its digest shows damage, so nothing waits for the disk.
final class WorkIndexWriter {
    private let path: String
    private var file: Int32
    private var buffer: [UInt8] = []
    private var hash = SHA256()
    private var last: [UInt8] = []
    private var count: UInt64 = 0

    /// Begins an index at `path`.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005 when it cannot be written.
    init(path: String) throws(MartletError) {
        self.path = path
        file = open("\(path).new", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if file < 0 { throw Failure.writing(path, errno) }
        buffer.reserveCapacity(Self.bufferBytes + 8_192)
        buffer.append(contentsOf: repeatElement(0, count: IndexFormat.headerBytes))
    }

    deinit {
        if file >= 0 {
            close(file)
            unlink("\(path).new")
        }
    }

    /// Adds a record; its key comes after that of the one before.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    func append(_ record: borrowing IndexRecord) throws(MartletError) {
        try append(
            record.path,
            content: record.content,
            size: record.size,
            isExecutable: record.isExecutable,
            stamp: record.stamp
        )
    }

    /// Adds a record; its key comes after that of the one before.
    func append(
        _ path: [UInt8],
        content: ObjectID,
        size: Int64,
        isExecutable: Bool,
        stamp: WorkStamp?
    ) throws(MartletError) {
        let shared = Self.sharedCount(last, path)
        var flags: UInt32 = isExecutable ? IndexFormat.executable : 0
        if let stamp { flags |= IndexFormat.stamped | (stamp.isExecutable ? IndexFormat.fileExecutable : 0) }
        put(UInt16(shared))
        put(UInt16(path.count - shared))
        put(flags)
        put(size)
        put(stamp?.size ?? 0)
        put(stamp?.modified ?? 0)
        put(stamp?.changed ?? 0)
        put(stamp?.inode ?? 0)
        content.withBytes { buffer.append(contentsOf: $0) }
        buffer.append(contentsOf: path[shared...])
        last.removeSubrange(shared...)
        last.append(contentsOf: path[shared...])
        count += 1
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Puts the index in place.
    ///
    /// - Parameter root: the tree that the records are of.
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    func finish(root: ObjectID) throws(MartletError) {
        try flush()
        var header = IndexFormat.magic
        root.withBytes { header.append(contentsOf: $0) }
        withUnsafeBytes(of: count.littleEndian) { header.append(contentsOf: $0) }
        header.append(contentsOf: repeatElement(0, count: IndexFormat.headerBytes - header.count))
        hash.update(data: header)
        buffer = Array(hash.finalize())
        try write()
        let written = header.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
        if written != header.count || rename("\(path).new", path) != 0 { throw Failure.writing(path, errno) }
        close(file)
        file = -1
    }

    private func put(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
    }

    /// The header is hashed last, when it is known.
    private func flush() throws(MartletError) {
        let skipped = isFirst ? IndexFormat.headerBytes : 0
        buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[skipped...])) }
        isFirst = false
        try write()
    }

    private var isFirst = true

    private func write() throws(MartletError) {
        var done = 0
        while done < buffer.count {
            let written = buffer.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress?.advanced(by: done), $0.count - done)
            }
            if written < 0, errno == EINTR { continue }
            if written <= 0 { throw Failure.writing(path, errno) }
            done += written
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func sharedCount(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                let most = min(left.count, right.count)
                var count = 0
                while count < most, left[count] == right[count] { count += 1 }
                return count
            }
        }
    }

    private static let bufferBytes = 1 << 20
}
