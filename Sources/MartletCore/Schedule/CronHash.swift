/// Values that `H` and `R` stand for: spread over pipelines, and the same each time for one of them.
///
/// `H` is what croniter makes of the seed: its CRC-32, shifted by the field's place, modulo the field's range. `R`,
/// which croniter draws anew at each start, is drawn here from the seed as well, so that a schedule does not jump.
enum CronHash {
    /// The values of `H`, `H(1-5)`, `H/15`, `H(0-29)/10` and the same with `R`; nil for another item.
    static func values(ofItem item: String, of field: CronField, seed: String) throws(InvalidCron) -> [Int]? {
        guard let kind = item.first, kind == "H" || kind == "R" else { return nil }
        var rest = item.dropFirst()
        var range = field.range
        if rest.first == "(" {
            guard let close = rest.firstIndex(of: ")") else { throw field.fail("\"\(item)\" lacks a )") }
            let bounds = rest[..<close].dropFirst().split(separator: "-", omittingEmptySubsequences: false)
            guard bounds.count == 2, let low = field.number(bounds[0]), let high = field.number(bounds[1]), low < high
            else { throw field.fail("\"\(item)\" is not a range", "write H(0-29)") }
            for bound in [low, high] { _ = try field.value(String(bound)) }
            range = low...high
            rest = rest[rest.index(after: close)...]
        }
        let checksum = crc32(of: kind == "H" ? seed : "\(seed)\u{0}R") >> UInt32(field.index)
        if rest.isEmpty { return [drawn(checksum, from: range)] }
        guard rest.first == "/", let step = field.number(rest.dropFirst()), step > 0 else {
            throw field.fail("\"\(item)\" is not a value", "write H, H/15 or H(0-29)/10")
        }
        let last = min(range.upperBound, range.lowerBound + min(step, range.count) - 1)
        let first = drawn(checksum, from: range.lowerBound...last)
        return Array(stride(from: first, through: range.upperBound, by: step))
    }

    private static func drawn(_ checksum: UInt32, from range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(checksum) % range.count
    }

    /// The CRC-32 of ISO 3309, bit by bit; seeds are short.
    private static func crc32(of text: String) -> UInt32 {
        var remainder = UInt32.max
        for byte in text.utf8 {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? (remainder >> 1) ^ 0xEDB8_8320 : remainder >> 1 }
        }
        return ~remainder
    }
}
