import MartletCore

/// Times of series, from the ways in which files write them.
enum SeriesTime {
    /// Microseconds since 1970 of the time that a field holds; nil for what is no time.
    ///
    /// ISO 8601 with a blank or `T` between day and time, with or without seconds, fractions and a zone (UTC where none
    /// is given), `/` for `-`; and numbers: seconds, milliseconds, microseconds or nanoseconds since 1970 by their size.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        var at = start
        var end = end
        while at < end, bytes[at] == 32 { at += 1 }
        while end > at, bytes[end - 1] == 32 { end -= 1 }
        guard end > at else { return nil }
        let isDay = end - at >= 8 && bytes[at] &- 48 < 10 && (bytes[at + 4] == 45 || bytes[at + 4] == 47)
        return isDay ? instant(bytes, at, end) : number(bytes, at, end)
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        let value = SeriesNumber.read(bytes, start, end).value
        switch value.magnitude {
        case ..<1e11: return Int64((value * 1e6).rounded())
        case ..<1e14: return Int64((value * 1e3).rounded())
        case ..<1e17: return Int64(value.rounded())
        case ..<9e18: return Int64((value / 1e3).rounded())
        default: return nil
        }
    }

    private static func digits(_ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ end: Int, _ most: Int) -> Int? {
        let start = at
        var result = 0
        while at < end, at - start < most, bytes[at] &- 48 < 10 {
            result = result * 10 + Int(bytes[at] &- 48)
            at += 1
        }
        return at > start ? result : nil
    }

    private static func instant(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int64? {
        var at = start
        guard let year = digits(bytes, &at, end, 4), at < end else { return nil }
        let mark = bytes[at]
        at += 1
        guard let month = digits(bytes, &at, end, 2), (1...12).contains(month), at < end, bytes[at] == mark else {
            return nil
        }
        at += 1
        guard let day = digits(bytes, &at, end, 2), day >= 1, day <= CivilDate.length(ofMonth: month, year: year) else {
            return nil
        }
        let midnight = CivilDate.days(year: year, month: month, day: day) * 86_400_000_000
        if at == end { return midnight }
        guard bytes[at] == 32 || bytes[at] | 32 == UInt8(ascii: "t") else { return nil }
        at += 1
        guard let hour = digits(bytes, &at, end, 2), hour <= 24 else { return nil }
        var (minute, second, micros) = (0, 0, 0)
        if at < end, bytes[at] == 58 {
            at += 1
            guard let value = digits(bytes, &at, end, 2), value < 60 else { return nil }
            minute = value
        }
        if at < end, bytes[at] == 58 {
            at += 1
            guard let value = digits(bytes, &at, end, 2), value <= 60 else { return nil }
            second = value
        }
        if at < end, bytes[at] == 46 || bytes[at] == 44 {
            at += 1
            var unit = 100_000
            guard at < end, bytes[at] &- 48 < 10 else { return nil }
            while at < end, bytes[at] &- 48 < 10 {
                micros += Int(bytes[at] &- 48) * unit
                unit /= 10
                at += 1
            }
        }
        guard let offset = zone(bytes, at, end) else { return nil }
        let seconds = Int64(hour * 3600 + minute * 60 + second - offset)
        return midnight + seconds * 1_000_000 + Int64(micros)
    }

    /// Seconds east of Greenwich.
    private static func zone(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
        var at = start
        while at < end, bytes[at] == 32 { at += 1 }
        if at == end { return 0 }
        if bytes[at] | 32 == UInt8(ascii: "z") { return at + 1 == end ? 0 : nil }
        if end - at == 3 {
            let letters = (bytes[at] | 32, bytes[at + 1] | 32, bytes[at + 2] | 32)
            if letters == (117, 116, 99) || letters == (103, 109, 116) { return 0 }
        }
        guard bytes[at] == 43 || bytes[at] == 45 else { return nil }
        let sign = bytes[at] == 43 ? 1 : -1
        at += 1
        guard let hours = digits(bytes, &at, end, 2), hours < 24 else { return nil }
        if at < end, bytes[at] == 58 { at += 1 }
        let minutes = at < end ? digits(bytes, &at, end, 2) : 0
        guard let minutes, minutes < 60, at == end else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
