import Crypto
import Foundation
import Glibc
import MartletCore
import Synchronization

/// Digests of files of code, read again only when the file system says that they changed.
final class FileDigests: Sendable {
    /// Files remembered; the table is emptied when it is full.
    private static let limit = 10_000

    private let known = Mutex<[String: (identity: String, digest: String)]>([:])

    /// The SHA-256 of a file, in hexadecimal.
    ///
    /// - Throws: ``MartletError`` MT1001 when it cannot be read.
    func digest(of path: String) throws(MartletError) -> String {
        let identity = self.identity(of: path)
        if let found = known.withLock({ $0[path] }), found.identity == identity { return found.digest }
        let digest = try Self.read(path)
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[path] = (identity, digest)
        }
        return digest
    }

    /// Reads the file in pieces: a line may name data as large as any.
    private static func read(_ path: String) throws(MartletError) -> String {
        var hash = SHA256()
        do {
            guard let file = FileHandle(forReadingAtPath: path) else { throw POSIXError(.ENOENT) }
            defer { try? file.close() }
            while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        } catch {
            throw MartletError(.fileUnreadable, "cannot read \(path)", remedy: "check the path and its permissions")
        }
        return HexText.text(of: Array(hash.finalize()))
    }

    /// What changes whenever the file does.
    func identity(of path: String) -> String {
        var info = stat()
        guard stat(path, &info) == 0 else { return "missing" }
        return """
            \(info.st_ino) \(info.st_size) \(info.st_mtim.tv_sec).\(info.st_mtim.tv_nsec) \
            \(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)
            """
    }
}
