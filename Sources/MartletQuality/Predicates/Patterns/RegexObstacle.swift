/// A part of a regular expression that an engine without backtracking (RE2, which DuckDB has) cannot run.
public enum RegexObstacle: String, Hashable, Sendable, CaseIterable {
    case lookahead
    case lookbehind
    case backreference
    case condition = "conditional group"
    case atomicGroup = "atomic group"
    case possessiveQuantifier = "possessive quantifier"

    /// The first one in `pattern`, with the place of its first character, from 0; nil when there is none.
    public static func first(in pattern: String) -> (obstacle: RegexObstacle, place: Int)? {
        var scanner = PythonRegexScanner(pattern)
        while let piece = scanner.next() {
            switch piece.kind {
            case .group(let opening):
                let found: RegexObstacle? =
                    switch opening {
                    case _ where opening.hasPrefix("?=") || opening.hasPrefix("?!"): .lookahead
                    case _ where opening.hasPrefix("?<=") || opening.hasPrefix("?<!"): .lookbehind
                    case _ where opening.hasPrefix("?P="): .backreference
                    case _ where opening.hasPrefix("?("): .condition
                    case _ where opening.hasPrefix("?>"): .atomicGroup
                    default: nil
                    }
                if let found { return (found, piece.range.lowerBound) }
            case .escape(let letter):
                if ("1"..."9").contains(letter) { return (.backreference, piece.range.lowerBound) }
            case .possessive: return (.possessiveQuantifier, piece.range.lowerBound)
            default: break
            }
        }
        return nil
    }
}
