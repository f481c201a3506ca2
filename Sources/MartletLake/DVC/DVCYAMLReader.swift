public import MartletCore

/// Reads the YAML that DVC's files are written in: everything of YAML 1.2 but tags of one's own, several documents and
/// collections as keys.
public struct DVCYAMLReader {
    let bytes: [UInt8]
    let file: String
    var place = 0
    var lineStart = 0
    var line = 1
    var depth = 0
    var anchors: [String: DVCNode] = [:]

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { (place, lineStart) = (3, 3) }
    }

    /// The value that a file holds; an empty mapping when it is empty.
    ///
    /// - Throws: `MartletError` MT3070 with the line when it is not YAML.
    public static func value(of bytes: [UInt8], file: String) throws(MartletError) -> DVCValue {
        guard let node = try root(of: bytes, file: file) else { return .emptyMap }
        var reader = DVCNodeReader(file: file)
        return try reader.value(of: node)
    }

    /// The root of a file's only document; nil when it is empty.
    static func root(of bytes: [UInt8], file: String) throws(MartletError) -> DVCNode? {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .invalidDVCFile(file, reason: "it is not UTF-8")
        }
        var reader = DVCYAMLReader(bytes, file: file)
        return try reader.document()
    }

    private mutating func document() throws(MartletError) -> DVCNode? {
        try skipToContent()
        while column == 0, peek() == UInt8(ascii: "%") {
            skipLine()
            try skipToContent()
        }
        if isMarker("---") {
            place += 3
            try skipToContent()
        }
        if place == bytes.count || isMarker("...") { return nil }
        let node = try block(minimum: 0)
        try skipToContent()
        if isMarker("...") { return node }
        guard place == bytes.count else {
            throw invalid(isMarker("---") ? "it holds more than one document" : "this line fits nothing above it")
        }
        return node
    }

    // MARK: Characters

    var column: Int { place - lineStart }

    func peek(_ ahead: Int = 0) -> UInt8? { place + ahead < bytes.count ? bytes[place + ahead] : nil }

    static func isSpace(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether a byte ends a word: a space, a line break, the end of the file.
    static func isBlank(_ byte: UInt8?) -> Bool { byte == nil || isSpace(byte) || byte == 0x0a || byte == 0x0d }

    func isLineEnd(_ byte: UInt8?) -> Bool { byte == nil || byte == 0x0a || byte == 0x0d }

    /// Whether `---` or `...` stands here at the start of a line.
    func isMarker(_ marker: StaticString) -> Bool {
        column == 0 && bytes[place...].starts(with: marker.description.utf8) && Self.isBlank(peek(3))
    }

    /// Passes over a line break.
    mutating func newLine() {
        if peek() == 0x0d { place += 1 }
        if peek() == 0x0a { place += 1 }
        lineStart = place
        line += 1
    }

    mutating func skipSpaces() { while Self.isSpace(peek()) { place += 1 } }

    mutating func skipLine() { while !isLineEnd(peek()) { place += 1 } }

    /// Passes over spaces, comments and line breaks to the next token.
    mutating func skipToContent() throws(MartletError) {
        while place < bytes.count {
            let before = place
            while peek() == 0x20 { place += 1 }
            if peek() == 0x09, before == lineStart {
                skipSpaces()
                guard isLineEnd(peek()) || peek() == UInt8(ascii: "#") else { throw invalid("a tab indents this line") }
            }
            skipSpaces()
            if peek() == UInt8(ascii: "#"), place == lineStart || Self.isBlank(bytes[place - 1]) { skipLine() }
            guard isLineEnd(peek()), place < bytes.count else { return }
            newLine()
        }
    }

    /// The end of what was read, without the blanks behind it.
    func end(from start: Int) -> Int {
        var end = place
        while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return end
    }

    mutating func nest<T>(_ body: (inout Self) throws(MartletError) -> T) throws(MartletError) -> T {
        depth += 1
        guard depth <= Limits.nestingDepth else { throw invalid("it is nested more than \(Limits.nestingDepth) deep") }
        defer { depth -= 1 }
        return try body(&self)
    }

    func invalid(_ reason: String) -> MartletError { .invalidDVCFile(file, line: line, reason: reason) }
}
