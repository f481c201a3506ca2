/// A generator whose numbers follow from its seed (SplitMix64, by Steele, Lea and Flood); failures print the seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

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
