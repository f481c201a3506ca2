extension DVCYAMLWriter {
    /// Writes a scalar whose further lines stand in column `indent`.
    ///
    /// Keys are kept on one line, since YAML cannot read them otherwise; ruamel.yaml breaks plain ones beyond 80 columns,
    /// and then cannot read its own file.
    mutating func write(_ text: YAMLScalarText, indent: Int, isKey: Bool) {
        let wraps = !isKey && !isForPeople
        switch text.style(isKey: isKey) {
        case .plain: writePlain(text.scalars, indent: indent, wraps: wraps)
        case .single: writeSingle(text.scalars, indent: indent, wraps: wraps)
        case .double: writeDouble(text.scalars, indent: indent, wraps: wraps)
        }
    }

    /// A word that would pass the last column moves to the next line and leaves its space behind; a space that would
    /// stand beyond the last column is the line break itself.
    private mutating func writePlain(_ text: [Unicode.Scalar], indent: Int, wraps: Bool) {
        var index = 0
        while index < text.count {
            let word = text[index...].prefix { $0 != " " }
            if !word.isEmpty {
                if wraps, column + word.count > Self.width, column > indent { startLine(indent: indent) }
                append(word)
            }
            let spaces = text[word.endIndex...].prefix { $0 == " " }
            if spaces.count == 1, wraps, column >= Self.width {
                startLine(indent: indent)
            } else {
                append(spaces)
            }
            index = spaces.endIndex
        }
    }

    private mutating func writeSingle(_ text: [Unicode.Scalar], indent: Int, wraps: Bool) {
        append("'")
        var index = 0
        while index < text.count {
            let word = text[index...].prefix { $0 != " " && !YAMLScalarText.isBreak($0) }
            append(word)
            index = word.endIndex
            let spaces = text[index...].prefix { $0 == " " }
            if spaces.count == 1, wraps, column > Self.width, index > 0, spaces.endIndex < text.count {
                startLine(indent: indent)
            } else {
                append(spaces)
            }
            index = spaces.endIndex
            let breaks = text[index...].prefix(while: YAMLScalarText.isBreak)
            if !breaks.isEmpty {
                // These breaks are characters of the text, so none is added.
                append(breaks)
                column = 0
                startLine(indent: indent)
            }
            index = breaks.endIndex
        }
        append("'")
    }

    private mutating func writeDouble(_ text: [Unicode.Scalar], indent: Int, wraps: Bool) {
        append("\"")
        // Characters from `start` up to `end` are not written yet; after an escape `start` is past `end`.
        var (start, end) = (0, 0)
        while end <= text.count {
            let scalar = end < text.count ? text[end] : nil
            if scalar.map(Self.needsEscape) ?? true {
                if start < end {
                    append(text[start..<end])
                    start = end
                }
                if let scalar {
                    append(Self.escape(scalar))
                    start = end + 1
                }
            }
            if wraps, end > 0, end < text.count - 1, scalar == " " || start >= end,
                column + (end - start) > Self.width
            {
                let isMarked = needsMark(text, start: start, end: end)
                if start < end {
                    append(text[start..<end])
                    start = end
                }
                if isMarked { append("\\") }
                startLine(indent: indent)
                if text[start] == " " {
                    if isMarked { append("\\") } else { start += 1 }
                }
            }
            end += 1
        }
        append("\"")
    }

    /// Whether a line break at `end` needs a backslash, because it would be read as a space or swallow one.
    private func needsMark(_ text: [Unicode.Scalar], start: Int, end: Int) -> Bool {
        guard var space = text[end...].firstIndex(of: " ") else { return true }
        if let line = text[end..<space].firstIndex(of: "\n") { space = line }
        guard space + 1 < text.count else { return true }
        if text[space] == "\n", text[space + 1] != " " { return true }
        let word = text[end..<space]
        let isClean = !word.contains("\"") && !word.contains("'") && text[space + 1] != " " && text[space + 1] != "\n"
        return !(isClean && !(text[end - 1] == " " && text[end] == " ") && start != end)
    }

    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x22, 0x5c, 0x2028, 0x2029, 0xfeff: true
        case 0x20...0x7e, 0xa0...0xfffd, 0x10000...: false
        default: true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        if let short = shortEscapes[scalar] { return "\\" + short }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (mark, count) = scalar.value <= 0xff ? ("\\x", 2) : scalar.value <= 0xffff ? ("\\u", 4) : ("\\U", 8)
        return mark + String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    private static let shortEscapes: [Unicode.Scalar: String] = [
        "\0": "0", "\u{07}": "a", "\u{08}": "b", "\t": "t", "\n": "n", "\u{0b}": "v", "\u{0c}": "f", "\r": "r",
        "\u{1b}": "e", "\"": "\"", "\\": "\\", "\u{85}": "N", "\u{a0}": "_", "\u{2028}": "L", "\u{2029}": "P",
    ]
}
