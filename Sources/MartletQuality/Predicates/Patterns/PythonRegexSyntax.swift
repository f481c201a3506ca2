import MartletCore

/// Writes a regular expression of Python in the syntax of ICU.
enum PythonRegexSyntax {
    /// `pattern` so that ICU finds what Python would find.
    static func rewritten(_ pattern: String) throws(MartletError) -> String {
        var scanner = PythonRegexScanner(pattern)
        var text = ""
        while let piece = scanner.next() {
            let written = String(scanner.characters[piece.range])
            switch piece.kind {
            case .group(let opening): text += try group(opening, of: pattern)
            case .escape(let letter): text += try escape(letter, of: pattern)
            // In a class ICU has sets in sets and intersections.
            case .classMember(let member): text += "[]&".contains(member) ? "\\\(member)" : written
            // A brace that is no repetition stands for itself.
            case .plain("{"): text += "\\{"
            case .plain("}"): text += "\\}"
            case .plain("]"): text += "\\]"
            case .plain("$"): text += "(?=\\n?\\z)"
            case .quantifier: text += written.hasPrefix("{,") ? "{0" + written.dropFirst() : written
            default: text += written
            }
        }
        return text
    }

    private static func group(_ opening: String, of pattern: String) throws(MartletError) -> String {
        if opening.hasPrefix("?P<") {
            // ICU's names hold letters and digits only.
            return "(?<" + name(opening.dropFirst(3).dropLast()) + ">"
        }
        if opening.hasPrefix("?P=") { return "(?:\\k<" + name(opening.dropFirst(3)) + ">" }
        if opening.hasPrefix("?(") {
            throw invalid(pattern, "a conditional group, \"(?(…)…)\", cannot be run")
        }
        if opening.hasPrefix("?#") { return "(?:" }
        if opening.hasPrefix("?"), let first = opening.dropFirst().first, first.isLetter {
            let flags = opening.dropFirst().filter { $0.isLetter || $0 == "-" }
            guard flags.allSatisfy({ "aiLmsux-".contains($0) }) else {
                throw invalid(pattern, "it has a flag that Python does not know: \(opening)")
            }
            guard !flags.contains("a"), !flags.contains("L") else {
                throw invalid(pattern, "the flags a (ASCII) and L (locale) cannot be had here")
            }
            let kept = flags.filter { $0 != "u" }
            return kept.isEmpty ? "(?:" : "(?\(kept)" + (opening.hasSuffix(":") ? ":" : "")
        }
        return "(" + opening
    }

    private static func name(_ name: some StringProtocol) -> String {
        name.unicodeScalars.map { scalar in
            Character(scalar).isLetter && scalar.isASCII ? String(scalar) : "x\(scalar.value)"
        }.joined()
    }

    private static func escape(_ letter: Character, of pattern: String) throws(MartletError) -> String {
        switch letter {
        case "Z": "\\z"
        case "A", "b", "B", "d", "D", "s", "S", "w", "W", "n", "r", "t", "f", "v", "a", "x", "u", "U", "0"..."9":
            "\\\(letter)"
        case _ where letter.isASCII && letter.isLetter:
            throw invalid(pattern, "\\\(letter) means nothing in Python's regular expressions")
        default: letter.isASCII ? "\\\(letter)" : String(letter)
        }
    }

    /// The error of a pattern that cannot be run.
    static func invalid(_ pattern: String, _ reason: String) -> MartletError {
        MartletError(
            .regexUnsupported,
            "the regular expression \"\(pattern)\" cannot be run",
            reason: reason,
            remedy: "write it with what both Python and the engine know"
        )
    }
}
