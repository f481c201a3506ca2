internal import Crypto
internal import Dispatch
internal import Glibc
internal import MartletCore
internal import MartletLake

/// Reads files to find out whether they have the content that the lake has; nothing is stored.
enum ContentCheck {
    /// What a file was found to have.
    struct Finding: Hashable, Sendable {
        var content: ObjectID
        /// The stamp of the file while it had it.
        var stamp: WorkStamp
        /// Whether the stamp can be trusted.
        var isSettled = false
    }

    /// The content of each file, on all cores; nil for one that cannot be read, or that changes meanwhile.
    ///
    /// `paths`: absolute.
    static func findings(_ paths: [[UInt8]]) -> [Finding?] {
        var findings: [Finding?] = Array(repeating: nil, count: paths.count)
        findings.withUnsafeMutableBufferPointer { findings in
            // Each call writes to its own place.
            nonisolated(unsafe) let findings = findings
            DispatchQueue.concurrentPerform(iterations: paths.count) { findings[$0] = finding(paths[$0]) }
        }
        return findings
    }

    private static func finding(_ path: [UInt8]) -> Finding? {
        let file = RawPath.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var before = stat()
        guard fstat(file, &before) == 0, before.st_mode & S_IFMT == S_IFREG else { return nil }
        var hash = SHA256()
        let size = max(1, min(Int(before.st_size) + 1, 1 << 20))
        let isRead = withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { buffer in
            while true {
                let count = read(file, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return count == 0 }
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        var after = stat()
        guard isRead, fstat(file, &after) == 0, WorkStamp(before) == WorkStamp(after) else { return nil }
        return ObjectID(bytes: Array(hash.finalize())).map { Finding(content: $0, stamp: WorkStamp(after)) }
    }
}
