import MartletCore

extension DVCYAMLReader {
    /// Reads text that `|` or `>` announces.
    mutating func blockScalar(parent: Int) throws(MartletError) -> DVCNode {
        let start = place
        let isFolded = peek() == UInt8(ascii: ">")
        var (keep, strip, indent): (Bool, Bool, Int?) = (false, false, nil)
        place += 1
        while let byte = peek(), !Self.isBlank(byte) {
            switch byte {
            case UInt8(ascii: "+"): keep = true
            case UInt8(ascii: "-"): strip = true
            case 0x31...0x39: indent = max(parent, 0) + Int(byte - 0x30)
            default: throw invalid("\(isFolded ? ">" : "|") is followed by something else than + or - and a digit")
            }
            place += 1
        }
        skipSpaces()
        if peek() == UInt8(ascii: "#") { skipLine() }
        guard isLineEnd(peek()) else { throw invalid("text stands behind \(isFolded ? ">" : "|")") }

        var lines: [ArraySlice<UInt8>] = []
        var contentEnd = place
        while place < bytes.count {
            let saved = (place, lineStart, line)
            newLine()
            var spaces = 0
            while peek(spaces) == 0x20, spaces < indent ?? Int.max { spaces += 1 }
            if isLineEnd(peek(spaces)) {
                place += spaces
                // What follows the last line break of the file is no line.
                if place < bytes.count || spaces > 0 { lines.append([]) }
                continue
            }
            if indent == nil, spaces > parent { indent = spaces }
            guard let indent, spaces >= indent, !isMarker("---"), !isMarker("...") else {
                (place, lineStart, line) = saved
                break
            }
            place += indent
            let text = place
            skipLine()
            lines.append(bytes[text..<place])
            contentEnd = place
        }
        return .scalar(
            Self.joined(lines, isFolded: isFolded, keep: keep, strip: strip),
            isPlain: false,
            start..<contentEnd
        )
    }

    private static func joined(_ lines: [ArraySlice<UInt8>], isFolded: Bool, keep: Bool, strip: Bool) -> String {
        let trailing = lines.reversed().prefix { $0.isEmpty }.count
        let body = lines.dropLast(trailing)
        var text: [UInt8] = []
        var pending = 0
        var previousIsFoldable = false
        for (index, line) in body.enumerated() {
            if line.isEmpty {
                pending += 1
                continue
            }
            // Lines that start with a blank keep their line breaks, and so do their neighbours.
            let isFoldable = isFolded && !isSpace(line.first)
            if index == pending, text.isEmpty {
                text += [UInt8](repeating: 0x0a, count: pending)
            } else if isFoldable, previousIsFoldable {
                text += pending == 0 ? [0x20] : [UInt8](repeating: 0x0a, count: pending)
            } else {
                text += [UInt8](repeating: 0x0a, count: pending + 1)
            }
            text += line
            pending = 0
            previousIsFoldable = isFoldable
        }
        if keep {
            text += [UInt8](repeating: 0x0a, count: trailing + (body.isEmpty ? 0 : 1))
        } else if !strip, !body.isEmpty {
            text.append(0x0a)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
