/// A place in a script, found from the byte that DuckDB names.
struct ScriptPlace: Hashable {
    /// The line of the script, from 1.
    let line: Int
    /// The character of the line, from 1.
    let column: Int
    /// The line's text.
    let text: String
    /// How many characters of the line are meant; at least 1.
    let length: Int

    /// Most characters of a line that are shown.
    private static let shownCharacters = 100

    /// The place of `byte` in `script`, or nil when that is outside; `length` counts bytes.
    init?(in script: String, byte: Int, length: Int?) {
        let bytes = Array(script.utf8)
        guard byte >= 0, byte <= bytes.count else { return nil }
        let newline = UInt8(ascii: "\n")
        let start = bytes[..<byte].lastIndex(of: newline).map { $0 + 1 } ?? 0
        var end = bytes[byte...].firstIndex(of: newline) ?? bytes.count
        if end > byte, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let marked = min(byte + max(length ?? 1, 1), end)

        line = bytes[..<start].count { $0 == newline } + 1
        column = String(decoding: bytes[start..<byte], as: UTF8.self).count + 1
        text = String(decoding: bytes[start..<end], as: UTF8.self)
        self.length = marked > byte ? max(1, String(decoding: bytes[byte..<marked], as: UTF8.self).count) : 1
    }

    /// The line with its number, and under it a mark at the place; a long line is cut on both sides.
    func excerpt(firstLine: Int) -> [String] {
        var characters = Array(text)
        var offset = column - 1
        var carets = length
        if characters.count > Self.shownCharacters {
            let start = max(0, min(offset - Self.shownCharacters / 2, characters.count - Self.shownCharacters))
            let end = start + Self.shownCharacters
            carets = min(carets, max(1, end - offset))
            let shown = characters[start..<end]
            characters = (start > 0 ? Array("...") : []) + shown + (end < characters.count ? Array("...") : [])
            offset += (start > 0 ? 3 : 0) - start
        }
        let number = "\(line + firstLine - 1)"
        // A tab before the place stays one, so that the mark stands right whatever the width of tabs.
        let indent = String(characters.prefix(offset).map { $0 == "\t" ? "\t" : " " })
        let margin = String(repeating: " ", count: number.count)
        return [
            "\(number) | \(String(characters))",
            "\(margin) | \(indent)\(String(repeating: "^", count: carets))",
        ]
    }
}
