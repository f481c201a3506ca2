/// Cuts a regular expression of Python into the pieces that matter for telling engines apart.
struct PythonRegexScanner {
    /// A piece of a pattern.
    struct Piece {
        var kind: Kind
        /// Its characters, from 0.
        var range: Range<Int>
    }

    enum Kind: Hashable {
        /// A bracket with what follows it up to the group's content: empty, or from the question mark on.
        case group(String)
        case close
        /// A backslash outside of a class, with the character behind it.
        case escape(Character)
        /// A backslash in a class.
        case classEscape(Character)
        /// A class opens; it may start with a caret.
        case classOpen
        case classClose
        /// Any character in a class.
        case classMember(Character)
        /// The plus behind another quantifier.
        case possessive
        /// A quantifier.
        case quantifier
        /// Anything else.
        case plain(Character)
    }

    let characters: [Character]
    private var index = 0
    private var isInClass = false
    private var classStart = 0
    private var isAfterQuantifier = false

    init(_ pattern: String) {
        characters = pattern.unicodeScalars.map { Character($0) }
    }

    /// The next piece; nil at the end.
    mutating func next() -> Piece? {
        guard index < characters.count else { return nil }
        let start = index
        let kind = isInClass ? inClass() : outside()
        if case .quantifier = kind { isAfterQuantifier = true } else { isAfterQuantifier = false }
        return Piece(kind: kind, range: start..<index)
    }

    private mutating func inClass() -> Kind {
        let character = take()
        switch character {
        case "\\" where index < characters.count: return .classEscape(take())
        // A closing bracket that comes first stands for itself.
        case "]" where index - 1 > classStart:
            isInClass = false
            return .classClose
        default: return .classMember(character)
        }
    }

    private mutating func outside() -> Kind {
        let character = take()
        switch character {
        case "\\" where index < characters.count: return .escape(take())
        case "[":
            isInClass = true
            if index < characters.count, characters[index] == "^" { index += 1 }
            classStart = index
            return .classOpen
        case "(": return .group(opening())
        case ")": return .close
        case "+" where isAfterQuantifier: return .possessive
        case "*", "+": return .quantifier
        case "?": return isAfterQuantifier ? .plain("?") : .quantifier
        case "{":
            guard let end = repetitionEnd() else { return .plain("{") }
            index = end
            return .quantifier
        default: return .plain(character)
        }
    }

    /// What follows an opening bracket up to the content of its group.
    private mutating func opening() -> String {
        guard index < characters.count, characters[index] == "?" else { return "" }
        var text = String(take())
        guard index < characters.count else { return text }
        let first = take()
        text.append(first)
        switch first {
        case "<":
            if index < characters.count, "=!".contains(characters[index]) { text.append(take()) }
        case "P":
            guard index < characters.count else { break }
            let kind = take()
            text.append(kind)
            while kind != ">", index < characters.count, characters[index] != ")" {
                text.append(take())
                if text.last == ">" { break }
            }
        case "#":
            while index < characters.count, characters[index] != ")" { text.append(take()) }
        case ":", "=", "!", ">", "(": break
        default:
            // Flags, up to the colon or the bracket.
            while index < characters.count, characters[index] != ")", text.last != ":" { text.append(take()) }
        }
        return text
    }

    /// The end of `{2}`, `{2,}`, `{,3}` or `{2,3}` whose brace was just taken; nil for a brace that stands for itself.
    private func repetitionEnd() -> Int? {
        guard let end = characters[index...].firstIndex(of: "}") else { return nil }
        let text = String(characters[index..<end])
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let isRepetition =
            !text.isEmpty && parts.count <= 2 && text != ","
            && parts.allSatisfy { $0.allSatisfy { ("0"..."9").contains($0) } }
        return isRepetition ? end + 1 : nil
    }

    private mutating func take() -> Character {
        defer { index += 1 }
        return characters[index]
    }
}
