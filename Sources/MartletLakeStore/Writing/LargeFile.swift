internal import Crypto
internal import Foundation
internal import MartletCore
internal import MartletLake
internal import Synchronization

/// Adds a file in chunks: reads it once, and from that makes the chunks, their ids, and the hashes of the whole.
///
/// Two windows are in memory: while the file's next one is read, the one before is hashed, cut and compressed. Each of
/// these is a job; with a pool of threads they run beside each other.
final class LargeFile: @unchecked Sendable {
    // Sendable: in a round each job uses its own part: the file, one of the hashes, the chunker, or chunks of its own.
    // Between rounds only the owner's thread uses it.
    private let writer: LakeWriter
    private let threads: ThreadPool?
    private let file: Int32
    private var md5 = Insecure.MD5()
    private var sha256 = SHA256()
    private var chunker = Chunker()
    private var current: FileWindow
    private var next: FileWindow
    private let failure = Mutex<MartletError?>(nil)
    private var readError: Int32 = 0

    /// Adds `file` to `writer`.
    ///
    /// `threads`: what the work is spread over; nil to use this thread alone.
    init(_ writer: LakeWriter, file: Int32, threads: ThreadPool?) throws(MartletError) {
        self.writer = writer
        self.file = file
        self.threads = threads
        let size = threads == nil ? 1 << 20 : Limits.readAheadBytes / 2
        current = try FileWindow(bytes: size)
        next = try FileWindow(bytes: size)
    }

    /// Reads and adds the file.
    ///
    /// - Parameters:
    ///   - size: how large the file says it is.
    ///   - name: names it in messages.
    /// - Returns: nil when it has another size by now.
    /// - Throws: ``MartletError`` MT3037 when it cannot be read; MT8004 or MT8005 when the lake cannot be written.
    func add(size: Int, named name: () -> String) throws(MartletError) -> FileEntry? {
        var list = ChunkListWriter(writer)
        var total = 0
        read(into: current)
        while true {
            if readError != 0 { throw Failure.reading(name(), readError) }
            let isLast = current.count < current.capacity
            total += current.count
            guard total <= size else { return nil }
            process(isLast: isLast)
            if let error = failure.withLock({ $0 }) { throw error }
            for chunk in current.chunks { try list.append(chunk) }
            if isLast { break }
            next.carry(current.rest)
            swap(&current, &next)
        }
        guard total == size else { return nil }
        return FileEntry(
            content: ObjectID(sha256.finalize()),
            md5: MD5Digest(md5.finalize()),
            size: total,
            storage: .chunked(try list.finish())
        )
    }

    private func read(into window: FileWindow) {
        let count = Descriptor.readFully(file, into: window.readable)
        if count < 0 { readError = errno }
        window.count = max(0, count)
    }

    /// Does all that is to be done with the current window, and reads the next.
    private func process(isLast: Bool) {
        let group = DispatchGroup()
        func start(_ job: @escaping @Sendable () -> Void) {
            guard let threads else { return job() }
            group.enter()
            threads.submit {
                job()
                group.leave()
            }
        }
        let window = current
        let next = next
        start { self.md5.update(bufferPointer: window.bytes) }
        if !isLast { start { self.read(into: next) } }
        // Chunks go to the pool as they are found, half a MiB at a time.
        let cut = { @Sendable (submit: (@escaping @Sendable () -> Void) -> Void) in
            window.cut(&self.chunker, isLast: isLast, every: 512 << 10) { range in
                submit { self.add(range, of: window) }
            }
        }
        if let threads {
            group.enter()
            threads.submit {
                cut { job in
                    group.enter()
                    threads.submit {
                        job()
                        group.leave()
                    }
                }
                group.leave()
            }
        } else {
            cut { $0() }
        }
        start { self.sha256.update(bufferPointer: window.bytes) }
        group.wait()
    }

    private func add(_ chunks: Range<Int>, of window: FileWindow) {
        do throws(MartletError) {
            try CompressorPool.with { compressor throws(MartletError) in
                for index in chunks {
                    let bytes = window.chunkBytes(index)
                    let id = ObjectID(hashing: bytes)
                    window.set(id, of: index)
                    if !writer.has(id) { try writer.add(id, bytes, as: .data, compressor) }
                }
            }
        } catch {
            failure.withLock { $0 = $0 ?? error }
        }
    }
}

extension ObjectID {
    init(_ digest: SHA256.Digest) {
        // A SHA-256 always has 32 bytes.
        self = digest.withUnsafeBytes { ObjectID(bytes: $0) } ?? .zero
    }
}
