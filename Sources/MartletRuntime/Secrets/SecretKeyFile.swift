import Foundation
import Glibc
import MartletCore

/// A file of secret keys that only its owner may read: a key on each line in base64, the current one first.
struct SecretKeyFile: Sendable {
    let path: String

    /// The keys; nil when there is no file.
    ///
    /// - Throws: ``MartletError`` MT1001 when it cannot be read, MT1043 when others may read it, MT1040 when it holds
    ///   something else than keys.
    func read() throws(MartletError) -> [SecretKey]? {
        guard let file = OwnedDescriptor(open(path, O_RDONLY | O_CLOEXEC)) else {
            if errno == ENOENT { return nil }
            throw MartletError(
                .fileUnreadable,
                "cannot read the secret key \(path)",
                reason: systemMessage(errno),
                remedy: "make it readable for this user only: chmod 600"
            )
        }
        var info = stat()
        if fstat(file.raw, &info) == 0, info.st_mode & 0o077 != 0 {
            throw MartletError(
                .secretKeyExposed,
                "other users may read \(path)",
                reason: "its permissions are 0\(String(info.st_mode & 0o777, radix: 8))",
                remedy: """
                    chmod 600 \(path); if someone may have read it, also `martlet secrets rotate`
                    """
            )
        }
        var bytes = [UInt8](repeating: 0, count: Limits.keyFileBytes)
        let count = bytes.withUnsafeMutableBytes { file.read(into: $0) ?? 0 }
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(whereSeparator: \.isNewline)
        let texts = lines.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        return try SecretKeySource.keys(texts, from: path)
    }

    /// Makes the file with one key; false when there is one already, which stays as it is.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005 when it cannot be written.
    func create(_ key: SecretKey) throws(MartletError) -> Bool {
        try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
        let temporary = try writeBeside([key])
        defer { unlink(temporary) }
        // Unlike a rename, a link never replaces the file that another process has just made.
        if link(temporary, path) != 0 {
            if errno == EEXIST { return false }
            throw FileSystem.unwritable(path, errno)
        }
        syncFolder()
        return true
    }

    /// Writes the keys in place of those in the file; a reader sees the old ones or the new ones.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005 when it cannot be written.
    func replace(with keys: [SecretKey]) throws(MartletError) {
        let temporary = try writeBeside(keys)
        if rename(temporary, path) != 0 {
            let number = errno
            unlink(temporary)
            throw FileSystem.unwritable(path, number)
        }
        syncFolder()
    }

    /// A finished file beside the place of the real one; on the disk when this returns.
    private func writeBeside(_ keys: [SecretKey]) throws(MartletError) -> String {
        let text = """
            # Secret keys of Martlet, the current one first. Keep a copy in a safe place: without it no secret can be read.
            \(keys.map(\.base64).joined(separator: "\n"))

            """
        let temporary = "\(path).tmp-\(getpid())-\(RandomIDs().suffix())"
        guard let file = OwnedDescriptor(open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)) else {
            throw FileSystem.unwritable(path, errno)
        }
        var error = Array(text.utf8).withUnsafeBytes { file.write($0) }
        if error == 0, fsync(file.raw) != 0 { error = errno }
        if error == 0 { return temporary }
        unlink(temporary)
        throw FileSystem.unwritable(path, error)
    }

    private func syncFolder() {
        let folder = (path as NSString).deletingLastPathComponent
        guard let descriptor = OwnedDescriptor(open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC))
        else { return }
        fsync(descriptor.raw)
    }
}
