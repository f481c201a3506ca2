import MartletCore

extension DVCYAMLReader {
    /// Reads a value that may take several lines, all from column `minimum` on; nothing when the next line stands left
    /// of it.
    mutating func block(minimum: Int) throws(MartletError) -> DVCNode {
        let empty = place
        try skipToContent()
        guard place < bytes.count, column >= minimum, !isMarker("---"), !isMarker("...") else {
            return .scalar("", isPlain: true, empty..<empty)
        }
        return try nest { reader throws(MartletError) in
            try reader.value(minimum: minimum, parent: minimum - 1, allowsBlocks: true)
        }
    }

    /// Reads the value that starts here; further lines of a scalar stand right of column `parent`.
    private mutating func value(minimum: Int, parent: Int, allowsBlocks: Bool) throws(MartletError) -> DVCNode {
        let start = place
        let startLine = line
        if peek() == UInt8(ascii: "&") || peek() == UInt8(ascii: "!"), !(allowsBlocks && isKeyAhead()) {
            let property = property()
            skipSpaces()
            var node: DVCNode
            if isLineEnd(peek()) || peek() == UInt8(ascii: "#") {
                // A dash may stand in the column of the key that the list belongs to.
                node = try block(minimum: minimum)
            } else {
                node = try value(minimum: minimum, parent: parent, allowsBlocks: allowsBlocks && line == startLine)
            }
            return note(property, of: node)
        }
        if allowsBlocks {
            if peek() == UInt8(ascii: "-"), Self.isBlank(peek(1)) { return try list() }
            if peek() == UInt8(ascii: "?"), Self.isBlank(peek(1)) || isKeyAhead() { return try map() }
            if isKeyAhead() { return try map() }
        }
        switch peek() {
        case UInt8(ascii: "["), UInt8(ascii: "{"): return try flow()
        case UInt8(ascii: "|"), UInt8(ascii: ">"): return try blockScalar(parent: parent)
        case UInt8(ascii: "*"): return try alias()
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return try quoted()
        case UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            throw invalid("a value cannot start with \(Character(Unicode.Scalar(bytes[start])))")
        default: return try plain(parent: parent, isFlow: false)
        }
    }

    /// Reads `&name` or `!tag`.
    mutating func property() -> String {
        let start = place
        while !Self.isBlank(peek()), !(peek().map(Self.isFlowIndicator) ?? true) { place += 1 }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    /// The node with its type as its tag says; remembers it under its anchor.
    mutating func note(_ property: String, of node: DVCNode) -> DVCNode {
        if property.hasPrefix("&") {
            anchors[String(property.dropFirst())] = node
            return node
        }
        guard case .scalar(let text, _, let range) = node else { return node }
        // Of other tags DVC knows nothing either.
        return .scalar(
            text,
            isPlain: ["!!int", "!!float", "!!bool", "!!null", "!!timestamp"].contains(property),
            range
        )
    }

    mutating func alias() throws(MartletError) -> DVCNode {
        let start = place
        place += 1
        while !Self.isBlank(peek()), !(peek().map(Self.isFlowIndicator) ?? true) { place += 1 }
        let name = String(decoding: bytes[(start + 1)..<place], as: UTF8.self)
        guard let node = anchors[name] else { throw invalid("there is no anchor &\(name) before this alias") }
        return .alias(to: node, start..<place)
    }

    private mutating func list() throws(MartletError) -> DVCNode {
        let (start, indent) = (place, column)
        var elements: [DVCNode] = []
        while place < bytes.count, column == indent, peek() == UInt8(ascii: "-"), Self.isBlank(peek(1)),
            !isMarker("---")
        {
            place += 1
            elements.append(try block(minimum: indent + 1))
            try skipToContent()
        }
        guard place == bytes.count || column <= indent else { throw invalid("this line is indented too far") }
        return .list(
            elements,
            isFlow: false,
            start..<(elements.last.map { max($0.range.upperBound, start + 1) } ?? start)
        )
    }

    private mutating func map() throws(MartletError) -> DVCNode {
        let (start, indent) = (place, column)
        var (entries, end): ([DVCNode.Entry], Int) = ([], start)
        while place < bytes.count, column == indent, !isMarker("---"), !isMarker("...") {
            if peek() == UInt8(ascii: "-"), Self.isBlank(peek(1)) { break }
            let isLong = peek() == UInt8(ascii: "?") && Self.isBlank(peek(1))
            var key: DVCNode
            if isLong {
                place += 1
                key = try block(minimum: indent + 1)
                try skipToContent()
                guard column == indent, peek() == UInt8(ascii: ":") else { throw invalid("a key has no value") }
            } else {
                guard isKeyAhead() else { throw invalid("a colon is missing") }
                key = try self.key()
            }
            place += 1
            end = place
            let value = isLong ? try block(minimum: indent + 1) : try valueBehindKey(indent: indent)
            end = max(end, value.range.upperBound)
            entries.append(DVCNode.Entry(key: key, value: value))
            try skipToContent()
        }
        guard place == bytes.count || column <= indent || isMarker("...") else {
            throw invalid("this line is indented too far")
        }
        return .map(entries, isFlow: false, start..<end)
    }

    private mutating func key() throws(MartletError) -> DVCNode {
        var properties: [String] = []
        while peek() == UInt8(ascii: "&") || peek() == UInt8(ascii: "!") {
            properties.append(property())
            skipSpaces()
        }
        var node: DVCNode
        switch peek() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): node = try quoted()
        case UInt8(ascii: "*"): node = try alias()
        default:
            let start = place
            while !(peek() == UInt8(ascii: ":") && Self.isBlank(peek(1))) { place += 1 }
            let text = start..<end(from: start)
            node = .scalar(String(decoding: bytes[text], as: UTF8.self), isPlain: true, text)
        }
        for property in properties.reversed() { node = note(property, of: node) }
        skipSpaces()
        guard peek() == UInt8(ascii: ":") else { throw invalid("a colon is missing") }
        return node
    }

    private mutating func valueBehindKey(indent: Int) throws(MartletError) -> DVCNode {
        let empty = place
        skipSpaces()
        if !isLineEnd(peek()), peek() != UInt8(ascii: "#") {
            return try nest { reader throws(MartletError) in
                try reader.value(minimum: indent + 1, parent: indent, allowsBlocks: false)
            }
        }
        try skipToContent()
        if place < bytes.count, column == indent, peek() == UInt8(ascii: "-"), Self.isBlank(peek(1)), !isMarker("---") {
            return try nest { reader throws(MartletError) in try reader.list() }
        }
        guard place < bytes.count, column > indent else { return .scalar("", isPlain: true, empty..<empty) }
        return try block(minimum: indent + 1)
    }

    /// Whether a key and its colon stand on the rest of this line.
    private func isKeyAhead() -> Bool {
        var look = place
        while look < bytes.count, bytes[look] == UInt8(ascii: "&") || bytes[look] == UInt8(ascii: "!") {
            while look < bytes.count, !Self.isBlank(bytes[look]) { look += 1 }
            while look < bytes.count, Self.isSpace(bytes[look]) { look += 1 }
        }
        guard look < bytes.count else { return false }
        let quote = bytes[look]
        if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            look += 1
            while look < bytes.count, bytes[look] != 0x0a {
                // Two single quotes stand for one.
                let isPair = look + 1 < bytes.count && bytes[look + 1] == quote && quote == UInt8(ascii: "'")
                if bytes[look] == quote, !isPair { break }
                let isEscape = quote == UInt8(ascii: "\"") && bytes[look] == UInt8(ascii: "\\")
                look += isEscape || bytes[look] == quote ? 2 : 1
            }
            guard look < bytes.count, bytes[look] == quote else { return false }
            look += 1
            while look < bytes.count, Self.isSpace(bytes[look]) { look += 1 }
            return look < bytes.count && bytes[look] == UInt8(ascii: ":")
                && Self.isBlank(look + 1 < bytes.count ? bytes[look + 1] : nil)
        }
        if Self.isFlowIndicator(quote) || "|>%@`#".utf8.contains(quote) { return false }
        while look < bytes.count, bytes[look] != 0x0a {
            let next = look + 1 < bytes.count ? bytes[look + 1] : nil
            if bytes[look] == UInt8(ascii: ":"), Self.isBlank(next) { return true }
            if bytes[look] == UInt8(ascii: "#"), look > place, Self.isSpace(bytes[look - 1]) { return false }
            look += 1
        }
        return false
    }

    static func isFlowIndicator(_ byte: UInt8) -> Bool { ",[]{}".utf8.contains(byte) }
}
