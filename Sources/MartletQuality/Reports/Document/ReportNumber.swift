import Foundation
package import MartletCore

/// Numbers, times and values as people read them.
package enum ReportNumber {
    /// Thousands separated by commas.
    package static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude).utf8)
        if digits.count < 4 { return String(value) }
        var result: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(UInt8(ascii: ",")) }
            result.append(digit)
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whole numbers grouped, others with at most six significant digits.
    package static func short(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "not a number" : value < 0 ? "-∞" : "∞" }
        if value == value.rounded(), abs(value) < 1e15 { return grouped(Int(value)) }
        let magnitude = abs(value)
        if magnitude >= 1e9 || magnitude < 1e-4 { return trimmed(String(format: "%.4e", value)) }
        if magnitude >= 1e5 { return grouped(Int(value.rounded())) }
        let text = trimmed(String(format: "%.6g", value))
        guard magnitude >= 1_000, let point = text.firstIndex(of: "."), let whole = Int(text[..<point]) else {
            return text
        }
        return grouped(whole) + text[point...]
    }

    /// Few characters, for axes: `12k`, `3.5M`, `0.25`.
    package static func tiny(_ value: Double) -> String {
        let magnitude = abs(value)
        for (size, unit) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")] where magnitude >= size {
            return trimmed(String(format: "%.3g", value / size)) + unit
        }
        if magnitude != 0, magnitude < 1e-3 { return trimmed(String(format: "%.1e", value)) }
        return trimmed(String(format: "%.3g", value))
    }

    /// A share of 0...1 in percent, with a digit more where it would otherwise look like all or nothing.
    package static func percent(share: Double) -> String {
        guard share.isFinite else { return "–" }
        let percent = share * 100
        if abs(percent) >= 1e6 { return "\(short(percent))%" }
        if percent == percent.rounded() { return "\(Int(percent))%" }
        let isNearEnd = percent < 0.1 || percent > 99.9
        let text = String(format: isNearEnd ? "%.2f" : "%.1f", percent)
        if isNearEnd, text == "0.00" { return "<0.01%" }
        if isNearEnd, text == "100.00" { return ">99.99%" }
        return "\(text)%"
    }

    /// `2026-01-02 03:04:05` in UTC.
    package static func time(_ instant: Timestamp) -> String {
        let text = instant.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    /// A value in one line, cut where it is longer than `Limits.reportValueCharacters`.
    package static func value(_ value: JSONValue) -> String {
        switch value {
        case .integer(let number): grouped(number)
        case .number(let number): short(number)
        case .string(let text): cut(text, to: Limits.reportValueCharacters)
        default: exact(value)
        }
    }

    /// A value to the letter: `0.0` and not `0`, and no commas.
    package static func exact(_ value: JSONValue) -> String {
        cut(value.stringValue ?? ExactJSON.line(value), to: Limits.reportValueCharacters)
    }

    /// `text` of at most `limit` characters; what is cut away is told by `…`.
    package static func cut(_ text: String, to limit: Int) -> String {
        // Most texts are short, and bytes are quicker to count than characters.
        if text.utf8.count <= limit { return text }
        let start = text.prefix(limit)
        return start.endIndex == text.endIndex ? text : "\(start)…"
    }

    private static func trimmed(_ text: String) -> String {
        guard text.contains("e") else { return text }
        let parts = text.split(separator: "e", maxSplits: 1)
        var digits = String(parts[0])
        if digits.contains(".") {
            while digits.hasSuffix("0") { digits.removeLast() }
            if digits.hasSuffix(".") { digits.removeLast() }
        }
        return "\(digits)e\(Int(parts[1]) ?? 0)"
    }
}
