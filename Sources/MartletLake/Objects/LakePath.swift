public import MartletCore

/// Names a file in the lake: bytes with `/` between folders, as a file system has them; UTF-8 or not.
///
/// Ordered by its bytes, which is also the order of the tree's keys. It cannot lead out of the folder it is joined to.
public struct LakePath: Hashable, Sendable {
    /// The bytes, without a slash at either end.
    public let bytes: [UInt8]

    /// Wraps bytes known to keep the rules, without checking them.
    public init(trusted bytes: [UInt8]) { self.bytes = bytes }

    /// Checks bytes against the rules: no part empty, `.` or `..`, no NUL; at most 4,095 bytes and 255 in a part, as in
    /// Linux.
    ///
    /// - Throws: `MartletError` MT3001 with the rule that is broken.
    public init(validating bytes: some Collection<UInt8>) throws(MartletError) {
        let bytes = Array(bytes)
        if !Self.keepsRules(bytes), let reason = Self.objection(to: bytes) {
            throw MartletError(
                .lakePathInvalid,
                "\"\(DisplayBytes.text(of: bytes))\" cannot be a path in the lake: \(reason)",
                remedy: "give a path below the project's folder"
            )
        }
        self.bytes = bytes
    }

    /// The path as text; what is no UTF-8, and control characters, are shown as `\xNN`.
    public var display: String { DisplayBytes.text(of: bytes) }

    /// Whether the path is `folder` or below it; everything is below the empty path.
    public func isWithin(_ folder: some Collection<UInt8>) -> Bool {
        if folder.isEmpty { return true }
        guard bytes.starts(with: folder) else { return false }
        return bytes.count == folder.count || bytes[folder.count] == 0x2f
    }

    /// Whether bytes keep the rules: ``objection(to:)`` in one pass, for the millions of paths of stored trees.
    static func keepsRules(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= 4_095 else { return false }
        var (length, dots) = (0, 0)
        func endsWell() -> Bool { length > 0 && length <= 255 && !(dots == length && dots <= 2) }
        for byte in bytes {
            switch byte {
            case 0: return false
            case 0x2f:
                guard endsWell() else { return false }
                (length, dots) = (0, 0)
            default:
                length += 1
                if byte == 0x2e { dots += 1 }
            }
        }
        return endsWell()
    }

    static func objection(to bytes: [UInt8]) -> String? {
        if bytes.isEmpty { return "it is empty" }
        if bytes.count > 4_095 { return "it has more than 4,095 bytes" }
        if bytes.contains(0) { return "it holds a NUL" }
        for part in bytes.split(separator: 0x2f, omittingEmptySubsequences: false) {
            if part.isEmpty { return "a slash starts or ends it, or two follow each other" }
            if part.elementsEqual([0x2e]) || part.elementsEqual([0x2e, 0x2e]) { return "a part of it is . or .." }
            if part.count > 255 { return "a part of it has more than 255 bytes" }
        }
        return nil
    }
}

extension LakePath: Comparable {
    /// Orders paths by their bytes.
    public static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension LakePath: CustomStringConvertible {
    /// The path as people see it.
    public var description: String { display }
}

/// Shows bytes that may be no text.
public enum DisplayBytes {
    /// The bytes as UTF-8, with `\xNN` for what is none and for control characters.
    public static func text(of bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) {
            return text
        }
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            // The longest character that starts here.
            let character = (1...4).lazy.compactMap { length in
                rest.count < length ? nil : String(validating: rest.prefix(length), as: UTF8.self)
            }.first { $0.unicodeScalars.count == 1 }
            if let character, first >= 0x20, first != 0x7f {
                text += character
                rest = rest.dropFirst(character.utf8.count)
            } else {
                text += "\\x" + HexText.text(of: [first])
                rest = rest.dropFirst()
            }
        }
        return text
    }
}
