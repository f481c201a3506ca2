extension Duration {
    /// The duration in whole microseconds, rounded towards zero.
    public var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }

    /// The duration in seconds.
    public var seconds: Double { Double(microseconds) / 1_000_000 }

    /// The duration written as people write it in a pipeline: `250ms`, `5s`, `10m`, `1h30m`, `2d`.
    ///
    /// - Throws: ``InvalidDuration`` that says which part is wrong.
    public init(text: String) throws(InvalidDuration) {
        var total = 0.0
        var digits = ""
        var unit = ""
        var parts = 0
        func factor() throws(InvalidDuration) -> Double {
            switch unit {
            case "ms": return 0.001
            case "s": return 1
            case "m": return 60
            case "h": return 3600
            case "d": return 86_400
            case "": throw InvalidDuration(text: text, reason: "the number \(digits) has no unit (ms, s, m, h or d)")
            default: throw InvalidDuration(text: text, reason: "\"\(unit)\" is not a unit; use ms, s, m, h or d")
            }
        }
        func close() throws(InvalidDuration) {
            guard let number = Double(digits) else {
                throw InvalidDuration(
                    text: text,
                    reason: digits.isEmpty ? "a number is missing" : "\(digits) is not a number"
                )
            }
            total += number * (try factor())
            parts += 1
            (digits, unit) = ("", "")
        }
        for character in text {
            if character.isASCII, character.isNumber || character == "." {
                if !unit.isEmpty { try close() }
                digits.append(character)
            } else {
                unit.append(character)
            }
        }
        if text.isEmpty { throw InvalidDuration(text: text, reason: "it is empty") }
        try close()
        guard total.isFinite, total <= 3_650 * 86_400 else {
            throw InvalidDuration(text: text, reason: "it is longer than ten years")
        }
        self = .microseconds(Int64((total * 1_000_000).rounded()))
    }

    /// A short text for people: `0.4s`, `12s`, `3m 05s`, `2h 10m`.
    public var shortText: String {
        let total = max(0, seconds)
        if total < 0.0995 { return "\(Int((total * 1000).rounded()))ms" }
        if total < 9.95 {
            let tenths = Int((total * 10).rounded())
            return "\(tenths / 10).\(tenths % 10)s"
        }
        let whole = Int(total.rounded())
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60)m \(padded(whole % 60, 2))s" }
        if whole < 86_400 { return "\(whole / 3600)h \(padded(whole / 60 % 60, 2))m" }
        return "\(whole / 86_400)d \(padded(whole / 3600 % 24, 2))h"
    }
}

/// A text that is not a duration.
public struct InvalidDuration: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text as given.
    public let text: String
    /// What is wrong with it.
    public let reason: String
    /// One sentence for people.
    public var description: String { "\"\(text)\" is not a duration: \(reason)" }
}
