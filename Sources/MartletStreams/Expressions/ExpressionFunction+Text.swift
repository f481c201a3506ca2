import MartletCore

extension ExpressionFunction {
    func ofText(_ text: String, _ values: [StreamValue]) -> StreamValue {
        let second: String? =
            if values.count > 1, case .text(let other) = values[1] { other } else { nil }
        switch self {
        case .lower: return .text(text.lowercased())
        case .upper: return .text(text.uppercased())
        case .length: return .integer(Int64(text.unicodeScalars.count))
        case .trim: return .text(Self.trimmed(text))
        case .concat:
            var joined = ""
            for value in values { if case .text(let part) = value { joined += part } }
            return .text(joined)
        case .contains: return second.map { .boolean($0.isEmpty || text.contains($0)) } ?? .null
        case .startsWith: return second.map { .boolean(text.hasPrefix($0)) } ?? .null
        case .like:
            return second.map { .boolean(Self.matches(Array(text.unicodeScalars), Array($0.unicodeScalars))) } ?? .null
        case .substring: return Self.substring(text, values)
        case .dateTrunc:
            guard values.count == 2, case .timestamp(let time) = values[1] else { return .null }
            return Self.truncate(time, to: text.lowercased())
        default: return .null
        }
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = Substring(text).unicodeScalars
        while scalars.first?.properties.isWhitespace ?? false { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace ?? false { scalars.removeLast() }
        return String(scalars)
    }

    /// The part from a place, counted from 1, on; with a length, no longer than that.
    private static func substring(_ text: String, _ values: [StreamValue]) -> StreamValue {
        guard values.count > 1, case .integer(let start) = values[1] else { return .null }
        let scalars = Array(text.unicodeScalars)
        let count = Int64(scalars.count)
        var end = count
        if values.count > 2, case .integer(let length) = values[2] {
            end = min(count, EventTime.adding(EventTime.adding(start, -1), max(0, length)))
        }
        let begin = max(0, min(EventTime.adding(start, -1), count))
        guard begin < end else { return .text("") }
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[Int(begin)..<Int(end)])
        return .text(String(part))
    }

    /// Whether a text is as a pattern says: `%` stands for any characters, `_` for one.
    static func matches(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
        var (at, expected) = (0, 0)
        var star: (pattern: Int, text: Int)?
        // On a mismatch, the last % takes one character more: no recursion, so the time is at most the product.
        while at < text.count {
            if expected < pattern.count, pattern[expected] == "%" {
                star = (expected, at)
                expected += 1
            } else if expected < pattern.count, pattern[expected] == "_" || pattern[expected] == text[at] {
                at += 1
                expected += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                (expected, at) = (last.pattern + 1, last.text + 1)
            } else {
                return false
            }
        }
        return pattern[expected...].allSatisfy { $0 == "%" }
    }
}
