/// A shell pattern over a path's bytes: `*` and `?` within a part, `**` over parts, `[a-z]`, `[!a]` and `\`.
struct Glob {
    private let pattern: ArraySlice<UInt8>

    init(_ pattern: ArraySlice<UInt8>) { self.pattern = pattern }

    func matches(_ text: ArraySlice<UInt8>) -> Bool {
        // Most steps that a pattern made to be slow may take; one that needs more does not match.
        var budget = 100_000
        return match(pattern, text, &budget)
    }

    private func match(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, _ budget: inout Int) -> Bool {
        var pattern = pattern
        var text = text
        while let sign = pattern.first {
            budget -= 1
            if budget < 0 { return false }
            switch sign {
            case UInt8(ascii: "*"):
                return matchStar(pattern, text, &budget)
            case UInt8(ascii: "?"):
                guard let byte = text.first, byte != UInt8(ascii: "/") else { return false }
                (pattern, text) = (pattern.dropFirst(), text.dropFirst())
            case UInt8(ascii: "["):
                guard let byte = text.first, byte != UInt8(ascii: "/"),
                    let rest = Self.rest(ofClass: pattern.dropFirst(), matching: byte)
                else { return false }
                (pattern, text) = (rest, text.dropFirst())
            default:
                var literal = pattern
                if sign == UInt8(ascii: "\\"), pattern.count > 1 { literal = pattern.dropFirst() }
                guard let byte = text.first, byte == literal.first else { return false }
                (pattern, text) = (literal.dropFirst(), text.dropFirst())
            }
        }
        return text.isEmpty
    }

    private func matchStar(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, _ budget: inout Int) -> Bool {
        let slash = UInt8(ascii: "/")
        let rest = pattern.drop { $0 == UInt8(ascii: "*") }
        let startsPart = pattern.startIndex == self.pattern.startIndex || self.pattern[pattern.startIndex - 1] == slash
        let isDouble = rest.startIndex - pattern.startIndex > 1 && startsPart && (rest.isEmpty || rest.first == slash)
        if isDouble {
            // `**/` stands for no folder as well, `/**` at the end for all that is inside.
            if rest.isEmpty { return !text.isEmpty }
            let after = rest.dropFirst()
            var place = text
            while true {
                if match(after, place, &budget) { return true }
                guard let next = place.firstIndex(of: slash) else { return false }
                place = place[(next + 1)...]
            }
        }
        var place = text
        while true {
            if match(rest, place, &budget) { return true }
            guard budget > 0, let byte = place.first, byte != slash else { return false }
            place = place.dropFirst()
        }
    }

    /// What follows a class of characters such as `a-z]`, when `byte` is in it; an open class matches nothing.
    private static func rest(ofClass pattern: ArraySlice<UInt8>, matching byte: UInt8) -> ArraySlice<UInt8>? {
        var rest = pattern
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest = rest.dropFirst() }
        var isFound = false
        var isFirst = true
        while let sign = rest.first {
            if sign == UInt8(ascii: "]"), !isFirst { return isFound != isNegated ? rest.dropFirst() : nil }
            isFirst = false
            if sign == UInt8(ascii: "\\"), rest.count > 1 { rest = rest.dropFirst() }
            guard let low = rest.first else { return nil }
            rest = rest.dropFirst()
            var high = low
            if rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first, end != UInt8(ascii: "]") {
                high = end
                rest = rest.dropFirst(2)
            }
            if low <= byte, byte <= high { isFound = true }
        }
        return nil
    }
}
