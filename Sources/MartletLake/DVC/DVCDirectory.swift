public import MartletCore

/// A directory as DVC stores it: an object whose name ends in `.dir`, which lists the files at every depth.
///
/// The bytes are Python's JSON of the entries sorted by path, so the same files give the same object everywhere. Empty
/// folders and modes of files are not recorded.
public struct DVCDirectory: Hashable, Sendable {
    /// A file below the directory.
    public struct Entry: Hashable, Sendable {
        /// The path below the directory, with `/` between folders.
        public var path: [UInt8]
        /// The MD5 of its content.
        public var md5: MD5Digest

        /// A file at `path`.
        public init(path: [UInt8], md5: MD5Digest) {
            self.path = path
            self.md5 = md5
        }
    }

    /// The files, in Python's order of their paths.
    public let entries: [Entry]

    /// A directory of these files, in any order.
    public init(_ entries: [Entry]) {
        var entries = entries
        PythonText.sort(&entries) { $0.path }
        self.entries = entries
    }

    /// The bytes of the object.
    public var encoded: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(entries.reduce(2) { $0 + $1.path.count + 66 })
        out.append(0x5b)
        for (index, entry) in entries.enumerated() {
            out += index > 0 ? ", {\"md5\": \"".utf8 : "{\"md5\": \"".utf8
            out += entry.md5.hex.utf8
            out += "\", \"relpath\": ".utf8
            PythonJSON.write(text: entry.path, to: &out)
            out.append(0x7d)
        }
        out.append(0x5d)
        return out
    }

    /// The MD5 of the bytes: the object's name without `.dir`.
    public var md5: MD5Digest { MD5Digest(of: encoded) }

    /// Reads the bytes of an object.
    ///
    /// - Throws: `MartletError` MT3070 when they are none of a directory.
    public init(encoded bytes: [UInt8], name: String) throws(MartletError) {
        var reader = DVCDirectoryReader(bytes: bytes, name: name)
        self.init(try reader.entries())
    }
}
