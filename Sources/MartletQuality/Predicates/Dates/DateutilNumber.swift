/// A token that is a number.
struct DateutilNumber {
    /// The digits, with at most one point.
    let text: String
    /// Its whole part, cut off where no date is that large.
    let whole: Int
    /// Whether anything stands behind the point but zeros.
    let hasFraction: Bool

    /// Reads a token; nil when it is no number.
    init?(_ token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Self.whole(String(parts[0])),
            parts.count == 1 || (!parts[1].isEmpty && Self.whole(String(parts[1])) != nil)
        else { return nil }
        text = token
        self.whole = whole
        hasFraction = parts.count == 2 && parts[1].contains { $0 != "0" }
    }

    /// How many characters it has.
    var count: Int { text.utf8.count }

    /// The digits from `start` up to `end`, as a number; nil when a point is among them or there are none.
    func part(_ start: Int, _ end: Int? = nil) -> Int? {
        let last = min(end ?? count, count)
        return start < last ? Self.whole(String(text.dropFirst(start).prefix(last - start))) : nil
    }

    /// A number in ASCII digits; nil for anything else.
    static func whole(_ digits: String) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits).map { min($0, 1_000_000_000_000) } ?? 1_000_000_000_000
    }
}
