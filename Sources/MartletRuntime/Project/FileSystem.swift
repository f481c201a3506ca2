import Foundation
import Glibc
public import MartletCore

/// The few things Martlet does with files, with numbered errors.
public enum FileSystem {
    /// Makes a folder and those above it; one that exists is fine.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    public static func makeFolder(_ path: String) throws(MartletError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        if errno == ENOENT {
            try makeFolder((path as NSString).deletingLastPathComponent)
            if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        }
        throw unwritable(path, errno)
    }

    /// Writes a new file that no one reads before this returns.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    public static func create(_ path: String, _ bytes: some Collection<UInt8>) throws(MartletError) {
        guard let file = OwnedDescriptor(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)) else {
            throw unwritable(path, errno)
        }
        let error = Array(bytes).withUnsafeBytes { file.write($0) }
        if error != 0 { throw unwritable(path, error) }
    }

    /// Writes a file whole; a reader sees the old content or the new, never a part.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    public static func write(_ bytes: some Collection<UInt8>, to path: String) throws(MartletError) {
        let temporary = "\(path).tmp-\(getpid())"
        do throws(MartletError) {
            try create(temporary, bytes)
        } catch {
            unlink(temporary)
            throw error
        }
        if rename(temporary, path) == 0 { return }
        let number = errno
        unlink(temporary)
        throw unwritable(path, number)
    }

    /// Moves a file to another name in the same file system, in place of what is there.
    ///
    /// - Throws: ``MartletError`` MT8005.
    public static func move(_ path: String, to target: String) throws(MartletError) {
        if rename(path, target) != 0 { throw unwritable(target, errno) }
    }

    /// Bytes of a file, or of all files below a folder; nil when there is neither.
    public static func size(of path: String) -> Int? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        if info.st_mode & S_IFMT != S_IFDIR { return Int(info.st_size) }
        var total = 0
        let files = FileManager.default.enumerator(atPath: path)
        while let name = files?.nextObject() as? String {
            if lstat("\(path)/\(name)", &info) == 0, info.st_mode & S_IFMT == S_IFREG { total += Int(info.st_size) }
        }
        return total
    }

    /// The error for a path that cannot be written.
    public static func unwritable(_ path: String, _ error: Int32) -> MartletError {
        switch error {
        case ENOSPC, EDQUOT:
            MartletError(
                .diskFull,
                "the disk is full: cannot write \(path)",
                reason: systemMessage(error),
                remedy: "free some space, then go on with `martlet runs resume`; nothing that was recorded is lost"
            )
        case EMFILE, ENFILE:
            MartletError(
                .fileUnwritable,
                "cannot write \(path): too many files are open",
                reason: systemMessage(error),
                remedy: "raise the limit (ulimit -n), or lower max_parallel_steps"
            )
        default:
            MartletError(
                .fileUnwritable,
                "cannot write \(path)",
                reason: systemMessage(error),
                remedy: "make the folder writable, or work in another one"
            )
        }
    }
}
