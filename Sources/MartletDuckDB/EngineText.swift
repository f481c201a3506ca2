import MartletCore

/// Values that have no case of `SQLValue`, as DuckDB writes them.
enum EngineText {
    /// `unscaled` with its point: 1250 at scale 2 is `12.50`.
    static func decimal(_ unscaled: Int128, scale: Int) -> String {
        guard scale > 0 else { return "\(unscaled)" }
        let digits = padded("\(unscaled.magnitude)", to: scale + 1)
        return (unscaled < 0 ? "-" : "") + digits.dropLast(scale) + "." + digits.suffix(scale)
    }

    /// The name of the two dates and instants beyond all others; nil for every other one.
    static func infinity<Value: FixedWidthInteger & SignedInteger>(_ value: Value) -> String? {
        value == Value.max ? "infinity" : value == -Value.max ? "-infinity" : nil
    }

    /// A timestamp without a zone; one finer than a microsecond is text.
    static func timestamp(_ value: Int64, _ unit: DuckDBType.TimestampUnit) -> SQLValue {
        if let infinity = infinity(value) { return .other(infinity) }
        let factor: Int64
        switch unit {
        case .microseconds: return .timestamp(value, hasZone: false)
        case .seconds: factor = 1_000_000
        case .milliseconds: factor = 1000
        case .nanoseconds:
            let (micros, nanos) = floorDivided(value, by: 1000)
            if nanos == 0 { return .timestamp(micros, hasZone: false) }
            let text = Timestamp(microseconds: micros).description.dropLast().replacing("T", with: " ")
            return .other(text + padded("\(nanos)", to: 3))
        }
        let (micros, isTooFar) = value.multipliedReportingOverflow(by: factor)
        return isTooFar ? .other("\(value)") : .timestamp(micros, hasZone: false)
    }

    /// A time of day; one finer than a microsecond is text.
    static func time(nanoseconds: Int64) -> SQLValue {
        let (micros, nanos) = floorDivided(nanoseconds, by: 1000)
        if nanos == 0 { return .time(micros) }
        let (seconds, rest) = floorDivided(nanoseconds, by: 1_000_000_000)
        return .other(clock(seconds: seconds) + "." + padded("\(rest)", to: 9))
    }

    /// A time of day with its distance from UTC: microseconds in the upper 40 bits, and 24 bits that count the seconds
    /// down from 15:59:59 east.
    static func timeWithZone(_ bits: UInt64) -> String {
        let micros = Int64(bits >> 24)
        let east = 57_599 - Int64(bits & 0xFF_FFFF)
        let (seconds, rest) = floorDivided(micros, by: 1_000_000)
        let distance = Swift.abs(east)
        var zone = (east < 0 ? "-" : "+") + padded("\(distance / 3600)", to: 2)
        if distance % 3600 != 0 { zone += ":" + padded("\(distance % 3600 / 60)", to: 2) }
        if distance % 60 != 0 { zone += ":" + padded("\(distance % 60)", to: 2) }
        return clock(seconds: seconds) + fraction(rest) + zone
    }

    /// A span of time: `1 year 2 months 3 days 04:05:06.7`.
    static func interval(months: Int32, days: Int32, microseconds: Int64) -> String {
        func part(_ count: Int32, _ unit: String) -> String? {
            count == 0 ? nil : "\(count) \(unit)\(Swift.abs(count) == 1 ? "" : "s")"
        }
        var parts = [part(months / 12, "year"), part(months % 12, "month"), part(days, "day")].compactMap(\.self)
        if microseconds != 0 || parts.isEmpty {
            let magnitude = microseconds.magnitude
            let clock = clock(seconds: Int64(magnitude / 1_000_000)) + fraction(Int64(magnitude % 1_000_000))
            parts.append((microseconds < 0 ? "-" : "") + clock)
        }
        return parts.joined(separator: " ")
    }

    /// A UUID, whose highest bit DuckDB turns over so that they sort as whole numbers.
    static func uuid(_ value: Int128) -> String {
        let bits = UInt128(bitPattern: value) ^ (1 << 127)
        let digits = padded(String(bits, radix: 16), to: 32)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    /// A string of bits: the first byte counts those that fill up the second.
    static func bits(_ bytes: UnsafeRawBufferPointer) -> String {
        guard let padding = bytes.first else { return "" }
        let text = bytes.dropFirst().map { padded(String($0, radix: 2), to: 8) }.joined()
        return String(text.dropFirst(Int(padding)))
    }

    private static func clock(seconds: Int64) -> String {
        [seconds / 3600, seconds % 3600 / 60, seconds % 60].map { padded("\($0)", to: 2) }.joined(separator: ":")
    }

    private static func fraction(_ microseconds: Int64) -> String {
        guard microseconds > 0 else { return "" }
        var digits = padded("\(microseconds)", to: 6)
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }

    private static func floorDivided(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ digits: String, to count: Int) -> String {
        String(repeating: "0", count: max(count - digits.count, 0)) + digits
    }
}
