import MartletCore

extension DVCYAMLReader {
    /// Reads text without quotes; its further lines stand right of column `parent`.
    mutating func plain(parent: Int, isFlow: Bool) throws(MartletError) -> DVCNode {
        let start = place
        var text: [UInt8] = []
        var ends = start
        while true {
            let word = place
            while let byte = peek(), !isLineEnd(byte) {
                let next = peek(1)
                if byte == UInt8(ascii: ":"), Self.isBlank(next) || isFlow && next.map(Self.isFlowIndicator) ?? true {
                    break
                }
                if byte == UInt8(ascii: "#"), place > start, Self.isBlank(bytes[place - 1]) { break }
                if isFlow, Self.isFlowIndicator(byte) { break }
                place += 1
            }
            let end = end(from: word)
            text += bytes[word..<end]
            ends = end
            if !isFlow, peek() == UInt8(ascii: ":") { throw invalid("a colon is not expected here") }
            guard isLineEnd(peek()), place < bytes.count else { break }
            // The lines that follow belong to it unless they are comments or stand further left.
            let saved = (place, lineStart, line)
            var breaks = 0
            while place < bytes.count, isLineEnd(peek()) {
                newLine()
                breaks += 1
                skipSpaces()
            }
            let stops = place == bytes.count || !isFlow && column <= parent || peek() == UInt8(ascii: "#")
            if stops || isMarker("---") || isMarker("...") || isFlow && peek().map(Self.isFlowIndicator) ?? true {
                if !isFlow || stops { (place, lineStart, line) = saved }
                break
            }
            text += breaks == 1 ? [0x20] : [UInt8](repeating: 0x0a, count: breaks - 1)
        }
        guard ends > start || isFlow else { throw invalid("a value is missing") }
        return .scalar(String(decoding: text, as: UTF8.self), isPlain: true, start..<ends)
    }

    /// Reads text in quotes.
    mutating func quoted() throws(MartletError) -> DVCNode {
        let start = place
        let quote = bytes[place]
        let isDouble = quote == UInt8(ascii: "\"")
        var text: [UInt8] = []
        // Blanks at the end of a line are dropped, but not those that an escape stands for.
        var kept = 0
        place += 1
        while let byte = peek() {
            if byte == quote {
                place += 1
                if !isDouble, peek() == quote {
                    text.append(quote)
                    place += 1
                    continue
                }
                return .scalar(String(decoding: text, as: UTF8.self), isPlain: false, start..<place)
            }
            if isDouble, byte == UInt8(ascii: "\\") {
                place += 1
                if isLineEnd(peek()) {
                    newLine()
                    foldedBlankLines(into: &text)
                } else {
                    try escape(into: &text)
                }
                kept = text.count
                continue
            }
            if isLineEnd(byte) {
                while text.count > kept, Self.isSpace(text.last) { text.removeLast() }
                newLine()
                let count = text.count
                foldedBlankLines(into: &text)
                if text.count == count { text.append(0x20) }
                kept = text.count
                continue
            }
            if let separator = separator() {
                // Line breaks of Unicode stay in the text, without the blanks around them.
                while text.count > kept, Self.isSpace(text.last) { text.removeLast() }
                text += separator
                place += separator.count
                foldedBlankLines(into: &text)
                kept = text.count
                continue
            }
            text.append(byte)
            place += 1
        }
        throw invalid("a quote is not closed")
    }

    /// The line or paragraph separator that stands here.
    private func separator() -> ArraySlice<UInt8>? {
        guard peek() == 0xe2, peek(1) == 0x80, peek(2) == 0xa8 || peek(2) == 0xa9 else { return nil }
        return bytes[place..<(place + 3)]
    }

    /// Passes over blanks at the start of a line; each empty line is a line break.
    private mutating func foldedBlankLines(into text: inout [UInt8]) {
        skipSpaces()
        while place < bytes.count {
            if isLineEnd(peek()) {
                newLine()
                text.append(0x0a)
            } else if let separator = separator() {
                text += separator
                place += separator.count
            } else {
                return
            }
            skipSpaces()
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(MartletError) {
        guard let byte = peek() else { throw invalid("a quote is not closed") }
        place += 1
        let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][byte]
        if let digits {
            guard var value = hexadecimal(digits) else { throw invalid("an escape lacks its digits") }
            // Two halves of a character, as JSON writes them.
            if value & 0xfc00 == 0xd800, peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") {
                place += 2
                let low = hexadecimal(4) ?? 0
                value = 0x10000 + (value & 0x3ff) << 10 + (low & 0x3ff)
            }
            guard let scalar = Unicode.Scalar(value) else { throw invalid("an escape stands for no character") }
            text += UTF8.encode(scalar) ?? .init()
            return
        }
        guard let scalar = Self.escapes[byte] else { throw invalid("there is no such escape in double quotes") }
        text += UTF8.encode(scalar) ?? .init()
    }

    private mutating func hexadecimal(_ count: Int) -> UInt32? {
        let digits = bytes[place...].prefix(count)
        guard digits.count == count else { return nil }
        place += count
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{07}", UInt8(ascii: "b"): "\u{08}", UInt8(ascii: "t"): "\t",
        0x09: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{0b}", UInt8(ascii: "f"): "\u{0c}",
        UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1b}", 0x20: " ", UInt8(ascii: "\""): "\"",
        UInt8(ascii: "/"): "/", UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{a0}",
        UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
    ]
}
