import MartletCore

/// The text of one file, with the places of its lines.
///
/// Lines end where YAML 1.1 ends them: LF, CR, CR LF, NEL, LS and PS.
struct SourceText: Sendable {
    /// The file as the user knows it.
    let file: String
    /// The text as UTF-8, without a byte order mark.
    let bytes: [UInt8]
    /// Where each line starts in ``bytes``.
    let lineStarts: [Int]

    /// Checks and indexes the content of a file.
    ///
    /// - Throws: ``MartletError`` MT1002 for bytes that are not text in UTF-8, with the place of the first.
    init(file: String, content: [UInt8]) throws(MartletError) {
        if content.starts(with: [0xFE, 0xFF]) || content.starts(with: [0xFF, 0xFE]) {
            throw MartletError(
                .syntaxInvalid,
                "the file is UTF-16",
                remedy: "save it as UTF-8",
                location: SourceLocation(file: file, line: 1, column: 1)
            )
        }
        self.init(
            trusted: content.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(content.dropFirst(3)) : content,
            file: file
        )
        if let offset = bytes.firstIndex(where: { $0 < 0x20 && $0 != 9 && $0 != 10 && $0 != 13 || $0 == 0x7F }) {
            throw invalid(
                bytes[offset] == 0 ? "the file holds a NUL byte" : "the file holds control character \(bytes[offset])",
                at: offset
            )
        }
        if let offset = Self.invalidOffset(in: bytes) { throw invalid("the file is not UTF-8", at: offset) }
    }

    /// Indexes text that is known to be UTF-8.
    init(trusted bytes: [UInt8], file: String) {
        self.file = file
        self.bytes = bytes
        var starts = [0]
        var index = 0
        while index < bytes.count {
            let length = Self.breakLength(bytes, at: index)
            index += max(1, length)
            if length > 0 { starts.append(index) }
        }
        lineStarts = starts
    }

    /// The number of bytes of the line break at `index`, 0 when there is none.
    static func breakLength(_ bytes: [UInt8], at index: Int) -> Int {
        switch bytes[index] {
        case 10: 1
        case 13: index + 1 < bytes.count && bytes[index + 1] == 10 ? 2 : 1
        case 0xC2: index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
        case 0xE2:
            index + 2 < bytes.count && bytes[index + 1] == 0x80 && (bytes[index + 2] | 1) == 0xA9 ? 3 : 0
        default: 0
        }
    }

    /// The bytes of a line without its break; empty for a line that does not exist.
    func line(_ number: Int) -> ArraySlice<UInt8> {
        guard (1...lineStarts.count).contains(number) else { return [] }
        let start = lineStarts[number - 1]
        let end = number < lineStarts.count ? lineStarts[number] : bytes.count
        let stop = bytes[start..<end].indices.first { Self.breakLength(bytes, at: $0) > 0 } ?? end
        return bytes[start..<stop]
    }

    /// Where `position` is in ``bytes``; the end of the line for a column behind it.
    func offset(of position: TextPosition) -> Int {
        guard (1...lineStarts.count).contains(position.line) else { return bytes.count }
        var index = lineStarts[position.line - 1]
        var column = 1
        while column < position.column, index < bytes.count {
            index += 1
            while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
            column += 1
        }
        return index
    }

    /// The line and column of a byte.
    func position(of offset: Int) -> TextPosition {
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        let before = bytes[lineStarts[low]..<min(max(offset, lineStarts[low]), bytes.count)]
        return TextPosition(line: low + 1, column: 1 + before.count { $0 & 0xC0 != 0x80 })
    }

    /// The position as part of an error.
    func location(_ position: TextPosition) -> SourceLocation {
        SourceLocation(file: file, line: position.line, column: position.column)
    }

    private func invalid(_ message: String, at offset: Int) -> MartletError {
        MartletError(
            .syntaxInvalid,
            message,
            reason: "byte \(offset + 1) of the file is \(Self.hexadecimal(bytes[offset])), which is no text",
            remedy: "check that it is the right file, and save it as UTF-8",
            location: location(position(of: offset))
        )
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "0x" + (digits.count < 2 ? "0" : "") + digits
    }

    /// The first byte that cannot be part of UTF-8 (Unicode Standard, table 3-7), or nil.
    private static func invalidOffset(in bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            let first = bytes[index]
            let (count, second): (Int, ClosedRange<UInt8>)
            switch first {
            case 0x00...0x7F:
                index += 1
                continue
            case 0xC2...0xDF: (count, second) = (2, 0x80...0xBF)
            case 0xE0: (count, second) = (3, 0xA0...0xBF)
            case 0xED: (count, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: (count, second) = (3, 0x80...0xBF)
            case 0xF0: (count, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (count, second) = (4, 0x80...0xBF)
            case 0xF4: (count, second) = (4, 0x80...0x8F)
            default: return index
            }
            guard index + count <= bytes.count, second.contains(bytes[index + 1]),
                bytes[(index + 2)..<(index + count)].allSatisfy({ $0 & 0xC0 == 0x80 })
            else { return index }
            index += count
        }
        return nil
    }
}
