/// Finds where a byte of a scalar's value stands in its file.
///
/// A value is not its source: quotes, escapes, indentation and folded lines lie between. This walks over source and
/// value side by side.
struct ScalarPlaces {
    private let source: SourceText
    private let value: [UInt8]
    private let style: YAMLScalar.Style
    /// Where the walk is in the source.
    private var place: Int
    /// How many bytes of the value the walk has seen.
    private var done = 0
    /// How many blanks indent a folded block; more of them belong to the value, elsewhere none do.
    private var indentation = Int.max

    private init(_ source: SourceText, _ scalar: YAMLScalar, at position: TextPosition) {
        self.source = source
        value = Array(scalar.text.utf8)
        style = scalar.style
        place = source.offset(of: position)
    }

    /// The position of byte `offset` of the value of a scalar that starts at `position`.
    static func position(
        of offset: Int,
        in scalar: YAMLScalar,
        at position: TextPosition,
        source: SourceText
    ) -> TextPosition {
        var walk = ScalarPlaces(source, scalar, at: position)
        walk.skipProperties()
        switch scalar.style {
        case .plain: walk.walk(to: offset)
        case .single, .double:
            walk.place += 1
            walk.walk(to: offset)
        case .literal: return walk.literalPosition(of: offset)
        case .folded:
            walk.skipHeader()
            walk.walk(to: offset)
        }
        return source.position(of: min(walk.place, source.bytes.count))
    }

    private var bytes: [UInt8] { source.bytes }
    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    /// Passes over an anchor and a tag, which stand before the scalar but belong to it.
    private mutating func skipProperties() {
        while let byte, byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!") {
            while let byte = self.byte, !Self.isBlank(byte), SourceText.breakLength(bytes, at: place) == 0 {
                place += 1
            }
            while let byte = self.byte {
                let length = max(Self.isBlank(byte) ? 1 : 0, SourceText.breakLength(bytes, at: place))
                if length == 0 { break }
                place += length
            }
        }
    }

    /// A literal block keeps its lines, so only the line and the indentation have to be found.
    private func literalPosition(of offset: Int) -> TextPosition {
        let before = value.prefix(offset)
        let lineIndex = before.count { $0 == 10 }
        let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        let valueLine = value[lineStart...].prefix { $0 != 10 }
        let line = source.position(of: place).line + 1 + lineIndex
        let indentation = max(0, source.line(line).count - valueLine.count)
        let lineOffset = source.offset(of: TextPosition(line: line, column: 1))
        return source.position(of: lineOffset + indentation + offset - lineStart)
    }

    /// Passes over `>-` and the rest of its line, and the first indentation.
    private mutating func skipHeader() {
        while place < bytes.count, SourceText.breakLength(bytes, at: place) == 0 { place += 1 }
        var first = place
        var blanks = 0
        while first < bytes.count, Self.isBlank(bytes[first]) || SourceText.breakLength(bytes, at: first) > 0 {
            blanks = Self.isBlank(bytes[first]) ? blanks + 1 : 0
            first += 1
        }
        indentation = blanks - value.drop { $0 == 10 }.prefix { Self.isBlank($0) }.count
        skipBreaks()
    }

    /// Passes over line breaks and the indentation after them; returns how many breaks there were.
    @discardableResult
    private mutating func skipBreaks() -> Int {
        var breaks = 0
        var blanks = 0
        while place < bytes.count {
            let length = SourceText.breakLength(bytes, at: place)
            if length > 0 {
                breaks += 1
                blanks = 0
            } else if Self.isBlank(bytes[place]), breaks == 0 || blanks < indentation {
                blanks += 1
            } else {
                break
            }
            place += max(1, length)
        }
        return breaks
    }

    private mutating func walk(to offset: Int) {
        // In a folded block, blank lines at its start are part of the value.
        while style == .folded, done < offset, done < value.count, value[done] == 10 { done += 1 }
        while done < offset, place < bytes.count {
            if startsFold {
                fold(upTo: offset)
            } else if style == .single, bytes[place...].starts(with: [39, 39]) {
                place += 2
                done += 1
            } else if style == .double, byte == UInt8(ascii: "\\") {
                escape()
            } else {
                place += 1
                done += 1
            }
        }
        // A line that a backslash joins to the next ends before the next byte of the value.
        while style == .double, byte == UInt8(ascii: "\\"), place + 1 < bytes.count,
            SourceText.breakLength(bytes, at: place + 1) > 0
        {
            escape()
        }
        if done == offset, style != .literal, startsFold, done < value.count, value[done] != 32, value[done] != 10 {
            skipBreaks()
        }
    }

    /// Whether only blanks stand between here and the end of the line.
    private var startsFold: Bool {
        var ahead = place
        while ahead < bytes.count, Self.isBlank(bytes[ahead]) { ahead += 1 }
        return ahead < bytes.count && SourceText.breakLength(bytes, at: ahead) > 0
    }

    /// Passes over a line's end, which became a space or as many line feeds as lines were left empty.
    private mutating func fold(upTo offset: Int) {
        // Spaces before the break that the value kept (in a folded block) are ordinary bytes.
        while style == .folded, done < offset, let byte, Self.isBlank(byte), value[done] == byte, keepsBlanks {
            place += 1
            done += 1
        }
        let breaks = skipBreaks()
        if done < value.count, value[done] == 32 {
            done += 1
            return
        }
        var left = breaks
        while left > 0, done < offset, done < value.count, value[done] == 10 {
            done += 1
            left -= 1
        }
    }

    /// Whether the value goes on with as many blanks as the source has before its line break.
    private var keepsBlanks: Bool {
        let blanks = bytes[place...].prefix { Self.isBlank($0) }.count
        return value[done...].prefix { Self.isBlank($0) }.count >= blanks + 1
    }

    /// Passes over an escape of a double-quoted scalar (YAML 1.1, section 5.6).
    private mutating func escape() {
        guard place + 1 < bytes.count else {
            place += 1
            return
        }
        if SourceText.breakLength(bytes, at: place + 1) > 0 {
            place += 1
            skipBreaks()
            return
        }
        let digits = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8][bytes[place + 1]] ?? 0
        place += 2 + digits
        // One escape is one character of the value, of one to four bytes.
        done += 1
        while done < value.count, value[done] & 0xC0 == 0x80 { done += 1 }
    }
}
