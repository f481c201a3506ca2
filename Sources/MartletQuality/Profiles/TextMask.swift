import MartletCore

/// What text looks like when only classes of characters count.
///
/// `A` stands for one of A-Z, `a` for one of a-z, `9` for one of 0-9, `x` for a letter or digit beyond ASCII; white space
/// becomes a blank, and every other character stands for itself. `FR-1907` and `DE-2024` both are `AA-9999`.
public enum TextMask {
    /// The mask of `text`; what exceeds `Limits.maskedCharacters` is written as `…`.
    ///
    /// Runs of more than eight alike are written `a⁺`, so that prose does not give a mask to each text.
    public static func of(_ text: String) -> String {
        var mask = ""
        var length = 0
        var run: (class: Character, count: Int)?
        func flush() {
            guard let current = run else { return }
            if current.count > Limits.patternRun, "Aa9x".contains(current.class) {
                mask += "\(current.class)⁺"
            } else {
                mask += String(repeating: current.class, count: current.count)
            }
        }
        for character in text {
            length += 1
            if length > Limits.patternCharacters {
                flush()
                return mask + "…"
            }
            let next = characterClass(character)
            if let current = run, current.class == next {
                run = (next, current.count + 1)
            } else {
                flush()
                run = (next, 1)
            }
        }
        flush()
        return mask
    }

    private static func characterClass(_ character: Character) -> Character {
        if let ascii = character.asciiValue {
            switch ascii {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): return "A"
            case UInt8(ascii: "a")...UInt8(ascii: "z"): return "a"
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return "9"
            default: return character.isWhitespace ? " " : character
            }
        }
        if character.isLetter || character.isNumber { return "x" }
        return character.isWhitespace ? " " : character
    }
}
