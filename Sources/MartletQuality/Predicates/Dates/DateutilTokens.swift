/// Cuts text into words, numbers, spaces and signs, as python-dateutil does.
///
/// A point may end an abbreviation, separate numbers or start a fraction, which only what follows it tells.
struct DateutilTokens {
    private enum State {
        case word, number, dottedWord, dottedNumber
    }

    /// The tokens of `text`; digits of other scripts become ASCII.
    static func of(_ text: String) -> [String] {
        var tokens = [String]()
        var rest = text.unicodeScalars.filter { $0 != "\0" }.map(plain)[...]
        while let first = rest.popFirst() { tokens += token(from: first, &rest) }
        return tokens
    }

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.decimalDigit.flatMap { Unicode.Scalar(UInt32(0x30 + $0)) } ?? scalar
    }

    private static func token(
        from first: Unicode.Scalar,
        _ rest: inout ArraySlice<Unicode.Scalar>
    ) -> [String] {
        var state: State
        if first.isPythonLetter {
            state = .word
        } else if first.isPythonDigit {
            state = .number
        } else {
            return [first.isPythonSpace ? " " : String(first)]
        }
        var token = [first]
        var hasLetters = false
        while let next = rest.first {
            if state == .word || state == .dottedWord { hasLetters = true }
            guard let following = after(next, state, token) else { break }
            state = following
            token.append(next)
            rest.removeFirst()
        }
        return cut(token, state, hasLetters)
    }

    /// The state after one more character of a token; nil when it is not part of it.
    private static func after(_ next: Unicode.Scalar, _ state: State, _ token: [Unicode.Scalar]) -> State? {
        switch state {
        case .word: next.isPythonLetter ? .word : next == "." ? .dottedWord : nil
        case .number:
            next.isPythonDigit ? .number : next == "." || (next == "," && token.count >= 2) ? .dottedNumber : nil
        case .dottedWord:
            next == "." || next.isPythonLetter
                ? .dottedWord : next.isPythonDigit && token.last == "." ? .dottedNumber : nil
        case .dottedNumber:
            next == "." || next.isPythonDigit
                ? .dottedNumber : next.isPythonLetter && token.last == "." ? .dottedWord : nil
        }
    }

    private static func cut(_ token: [Unicode.Scalar], _ state: State, _ hasLetters: Bool) -> [String] {
        func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
            scalars.reduce(into: "") { $0.unicodeScalars.append($1) }
        }
        let isDotted = state == .dottedWord || state == .dottedNumber
        let points = token.count { $0 == "." }
        let endsOpen = token.last == "." || token.last == ","
        guard isDotted, hasLetters || points > 1 || endsOpen else {
            // A fraction may start with a comma.
            let hasComma = state == .dottedNumber && points == 0
            return [text(hasComma ? token.map { $0 == "," ? "." : $0 } : token)]
        }
        var parts = [[Unicode.Scalar]()]
        for scalar in token {
            if scalar == "." || scalar == "," {
                parts += [[scalar], []]
            } else {
                parts[parts.count - 1].append(scalar)
            }
        }
        return parts.filter { !$0.isEmpty }.map(text)
    }
}
