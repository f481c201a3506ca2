import Foundation

/// Finds how far the clocks of a zone are ahead of UTC; for one thread at a time.
final class ArrowZone {
    /// Seconds for which an offset is kept: zones change at whole quarters of an hour since 1970.
    private static let block: Int64 = 900

    private let zone: TimeZone?
    /// The offset of a zone that never changes, as in `+02:00`.
    private let fixed: Int64
    private var kept: (block: Int64, offset: Int64)?

    /// The zone called `name` by Spark: an identifier as in `Europe/Berlin`, or an offset as in `+02:00`.
    ///
    /// A zone that is not known is UTC.
    init(_ name: String) {
        fixed = Self.offset(name) ?? 0
        zone = Self.offset(name) == nil && !["UTC", "Z", "Etc/UTC"].contains(name) ? TimeZone(identifier: name) : nil
    }

    /// Seconds ahead of UTC at `seconds` since 1970.
    func offset(at seconds: Int64) -> Int64 {
        guard let zone else { return fixed }
        let block = seconds / Self.block
        if seconds >= 0, let kept, kept.block == block { return kept.offset }
        let offset = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
        if seconds >= 0 { kept = (block, offset) }
        return offset
    }

    /// The seconds of `+02:00`, `-0530` or `+2`, also after `GMT` or `UTC`; nil for other texts.
    private static func offset(_ name: String) -> Int64? {
        var text = Substring(name)
        for prefix in ["GMT", "UTC"] where text.hasPrefix(prefix) { text = text.dropFirst(3) }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard (1...6).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        let padded = digits.utf8.count % 2 == 1 ? "0" + digits : String(digits)
        guard let number = Int64(padded + String(repeating: "0", count: 6 - padded.utf8.count)) else { return nil }
        let seconds = number / 10_000 * 3600 + number / 100 % 100 * 60 + number % 100
        return sign == "-" ? -seconds : seconds
    }

    /// `+01:00`, with seconds when there are some, or `Z`.
    static func text(_ offset: Int64) -> String {
        if offset == 0 { return "Z" }
        let magnitude = offset.magnitude
        var parts = [magnitude / 3600, magnitude / 60 % 60]
        if magnitude % 60 != 0 { parts.append(magnitude % 60) }
        return (offset < 0 ? "-" : "+") + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
