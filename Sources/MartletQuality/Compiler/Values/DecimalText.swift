import MartletCore

/// A decimal number as its digits, compared exactly.
struct DecimalText: Hashable {
    private var isNegative: Bool
    /// Before the point, without zeros in front.
    private var whole: [UInt8]
    /// After the point, without zeros at the end.
    private var fraction: [UInt8]

    /// The number of `value`; nil for doubles and what is no number.
    init?(_ value: SQLValue) {
        switch value {
        case .integer(let value): self.init(String(value))
        case .wideInteger(let digits), .decimal(let digits): self.init(digits)
        default: return nil
        }
    }

    /// Reads `-12.50`.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        whole = parts.first.map { Array($0.drop { $0 == UInt8(ascii: "0") }) } ?? []
        fraction = parts.count > 1 ? Array(parts[1]) : []
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        let isDigits = (whole + fraction).allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, !rest.isEmpty else { return nil }
        if whole.isEmpty, fraction.isEmpty { isNegative = false }
    }

    /// -1, 0 or 1.
    func compare(_ other: DecimalText) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let order = magnitude(other)
        return isNegative ? -order : order
    }

    private func magnitude(_ other: DecimalText) -> Int {
        if whole.count != other.whole.count { return whole.count < other.whole.count ? -1 : 1 }
        if whole != other.whole { return whole.lexicographicallyPrecedes(other.whole) ? -1 : 1 }
        if fraction == other.fraction { return 0 }
        return fraction.lexicographicallyPrecedes(other.fraction) ? -1 : 1
    }
}
