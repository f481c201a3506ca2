import MartletTestKit

extension SeededGenerator {
    /// Text of characters that are special somewhere.
    mutating func nastyText(upTo length: Int = 12) -> String {
        let pieces = [
            "'", "\"", "\\", "$", "`", "(", ")", ";", "|", "&", "<", ">", "#", "*", "?", "~", " ", "\n", "\r\n", "\t",
            "{",
            "}", "--", "/*", "*/", "$$", "$a$", "'\u{301}", "\"\u{301}", "*\u{301}/", "a", "Z", "9", "é", "日", "😀",
            "$(touch x)", "; DROP TABLE t", "-", "e'", "${HOME}", "!", "=",
        ]
        let count = Int.random(in: 0...length, using: &self)
        return (0..<count).map { _ in pieces.randomElement(using: &self) ?? "" }.joined()
    }
}
