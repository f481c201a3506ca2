/// Formats of Python's `strptime`.
enum StrptimeFormat {
    /// The directives that Python reads back.
    private static let directives: Set<Character> = [
        "a", "A", "b", "B", "c", "d", "f", "H", "I", "j", "m", "M", "p", "S", "U", "w", "W", "x", "X", "y", "Y", "z",
        "Z", "%", "G", "u", "V",
    ]

    /// What is wrong with `format`; nil when Python takes it.
    static func problem(in format: String) -> String? {
        var seen: Set<Character> = []
        var characters = format.makeIterator()
        while let character = characters.next() {
            guard character == "%" else { continue }
            guard let directive = characters.next() else { return "it ends in a % without a directive" }
            guard directives.contains(directive) else { return "%\(directive) is no directive of strptime" }
            if directive != "%", !seen.insert(directive).inserted { return "%\(directive) stands in it twice" }
        }
        return isoProblem(seen)
    }

    /// ISO years and weeks have to come together, and not with the other kind of year.
    private static func isoProblem(_ seen: Set<Character>) -> String? {
        let isComplete = seen.contains("G") && seen.contains("V") && !seen.isDisjoint(with: ["a", "A", "u", "w"])
        if seen.contains("V"), seen.contains("Y") { return "%V goes with %G, not with %Y" }
        if seen.contains("G") || seen.contains("V"), !isComplete { return "%G, %V and a weekday go together" }
        return nil
    }
}
