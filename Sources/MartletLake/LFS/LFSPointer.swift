public import MartletCore

/// What Git LFS keeps in git for a large file (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md).
public struct LFSPointer: Hashable, Sendable {
    /// The SHA-256 of the file's bytes.
    public var oid: ObjectID
    /// The size in bytes.
    public var size: Int

    /// The most bytes that a pointer may have.
    public static let maximumBytes = 1_023

    /// A pointer to a file.
    public init(oid: ObjectID, size: Int) {
        self.oid = oid
        self.size = size
    }

    /// Reads a pointer; nil when the bytes are those of a file.
    ///
    /// Keys but `version` come sorted, and the line of an extension (`ext-0-name`) may stand before `oid`; a pointer with
    /// extensions names what they made of the file, so it is none for us.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.maximumBytes, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let versions = ["version https://git-lfs.github.com/spec/v1", "version https://hawser.github.com/spec/v1"]
        guard lines.count == 4, versions.contains(String(lines[0])), lines[3].isEmpty,
            lines[1].hasPrefix("oid sha256:"), let oid = ObjectID(hex: lines[1].dropFirst(11)),
            lines[2].hasPrefix("size "), let size = Int(lines[2].dropFirst(5)), size >= 0
        else { return nil }
        self.init(oid: oid, size: size)
    }

    /// The bytes of the pointer.
    public var encoded: [UInt8] {
        Array("version https://git-lfs.github.com/spec/v1\noid sha256:\(oid.hex)\nsize \(size)\n".utf8)
    }

    /// Where git-lfs keeps the file, below `.git/lfs/objects`.
    public var objectPath: String {
        let hex = oid.hex
        return "\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
    }
}
