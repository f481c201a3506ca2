internal import Glibc

/// Calls of the system with names that need not be text.
enum RawPath {
    /// The bytes as the system wants them: a zero at the end.
    static func text(_ path: [UInt8]) -> [CChar] {
        var text = path.map { CChar(bitPattern: $0) }
        text.append(0)
        return text
    }

    /// open(2), seen from the folder `folder`; -1 with errno set when it fails.
    static func open(_ path: [UInt8], _ flags: Int32, mode: mode_t = 0o644, at folder: Int32 = AT_FDCWD) -> Int32 {
        openat(folder, text(path), flags, mode)
    }

    /// What lstat(2) says, or stat(2) when links are followed; nil when there is nothing.
    static func status(_ path: [UInt8], at folder: Int32 = AT_FDCWD, followsLinks: Bool = false) -> stat? {
        var info = stat()
        return fstatat(folder, text(path), &info, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 ? info : nil
    }

    /// A small file's bytes; nil when it cannot be read or has more than a mebibyte.
    static func contents(_ path: [UInt8], at folder: Int32 = AT_FDCWD) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, at: folder)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count <= 1 << 20 {
            let count = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: 16 << 10))
            let got = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress?.advanced(by: count), 16 << 10) }
            if got < 0, errno == EINTR {
                bytes.removeLast(16 << 10)
                continue
            }
            if got < 0 { return nil }
            bytes.removeLast((16 << 10) - got)
            if got == 0 { return bytes }
        }
        return nil
    }

    /// The path without links, as realpath(3) finds it; nil when it leads nowhere.
    static func resolved(_ path: [UInt8]) -> [UInt8]? {
        guard let text = realpath(text(path), nil) else { return nil }
        defer { free(text) }
        return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// The folder above a path, and the last part of it.
    static func split(_ path: [UInt8]) -> (folder: [UInt8], name: [UInt8]) {
        guard let slash = path.lastIndex(of: 0x2f) else { return ([], path) }
        return (Array(path[..<slash]), Array(path[(slash + 1)...]))
    }
}
