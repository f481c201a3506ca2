/// A regular expression for texts of some masks.
enum MaskExpression {
    /// Most different shapes of one expression; more say that there is no pattern.
    static let shapes = 3

    /// An expression that matches, as a whole, every text of these masks; nil when they have no common shape, are cut,
    /// or have letters beyond ASCII.
    ///
    /// Masks that differ only in how often a class repeats are one shape: `AA-9` and `A-999` give `[A-Z]{1,2}-[0-9]{1,3}`.
    /// All engines read the expression alike.
    static func of(_ masks: [String]) -> String? {
        var merged: [[Character]: [Repeat]] = [:]
        var order: [[Character]] = []
        for mask in masks {
            guard let repeats = Self.repeats(mask) else { return nil }
            let shape = repeats.map(\.character)
            if let before = merged[shape] {
                merged[shape] = zip(before, repeats).map { $0.widened(to: $1) }
            } else {
                merged[shape] = repeats
                order.append(shape)
            }
        }
        guard (1...shapes).contains(order.count) else { return nil }
        let alternatives = order.compactMap { merged[$0]?.map(\.expression).joined() }
        // A single run of letters without an end is no pattern.
        if alternatives.contains(where: { $0.isEmpty || ["[A-Z]+", "[a-z]+", "[0-9]+"].contains($0) }) { return nil }
        return alternatives.count == 1 ? "^\(alternatives[0])$" : "^(?:\(alternatives.joined(separator: "|")))$"
    }

    private struct Repeat {
        var character: Character
        var least: Int
        /// Nil is without end.
        var most: Int?

        func widened(to other: Repeat) -> Repeat {
            let most = most.flatMap { mine in other.most.map { max(mine, $0) } }
            return Repeat(character: character, least: min(least, other.least), most: most)
        }

        var expression: String {
            let atom: String
            switch character {
            case "A": atom = "[A-Z]"
            case "a": atom = "[a-z]"
            case "9": atom = "[0-9]"
            case " ": atom = "\\s"
            default: atom = "\\.+*?()|[]{}^$".contains(character) ? "\\\(character)" : String(character)
            }
            guard let most else { return atom + "+" }
            if least == 1, most == 1 { return atom }
            return least == most ? "\(atom){\(least)}" : "\(atom){\(least),\(most)}"
        }
    }

    private static func repeats(_ mask: String) -> [Repeat]? {
        var result: [Repeat] = []
        for character in mask {
            if character == "…" || character == "x" { return nil }
            if character == "⁺", let last = result.popLast() {
                result.append(Repeat(character: last.character, least: 1, most: nil))
            } else if let last = result.last, last.character == character, last.most != nil {
                result[result.count - 1].least += 1
                result[result.count - 1].most = (last.most ?? 0) + 1
            } else {
                result.append(Repeat(character: character, least: 1, most: 1))
            }
        }
        return result
    }
}
