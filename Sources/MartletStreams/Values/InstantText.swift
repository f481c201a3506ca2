import MartletCore

/// Instants as records have them: RFC 3339, with an offset or `Z`, up to nine digits of fraction, and a blank for the `T`.
enum InstantText {
    /// The microseconds since 1970; nil for anything else.
    ///
    /// Digits beyond microseconds are cut off.
    static func time(_ text: Slice<UnsafeRawBufferPointer>) -> Int64? {
        let bytes = UnsafeRawBufferPointer(rebasing: text)
        guard bytes.count >= 20 else { return nil }
        func number(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            var value = 0
            for index in start..<start + count {
                guard (48...57).contains(bytes[index]) else { return nil }
                value = value * 10 + Int(bytes[index] - 48)
            }
            return value
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), bytes[4] == 45, bytes[7] == 45, bytes[13] == 58,
            bytes[16] == 58, bytes[10] == 84 || bytes[10] == 116 || bytes[10] == 32, (1...12).contains(month),
            (1...CivilDate.length(ofMonth: month, year: year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var (at, fraction, unit) = (19, 0, 100_000)
        if bytes[at] == 46 {
            at += 1
            let start = at
            while at < bytes.count, (48...57).contains(bytes[at]) {
                fraction += Int(bytes[at] - 48) * unit
                unit /= 10
                at += 1
            }
            guard (1...9).contains(at - start) else { return nil }
        }
        guard at < bytes.count else { return nil }
        var offset = 0
        if bytes[at] == 90 || bytes[at] == 122 {
            guard at + 1 == bytes.count else { return nil }
        } else {
            guard bytes[at] == 43 || bytes[at] == 45, at + 6 == bytes.count, bytes[at + 3] == 58,
                let hours = number(at + 1, 2), let minutes = number(at + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[at] == 45 ? -60 : 60)
        }
        let days = CivilDate.days(year: year, month: month, day: day)
        return (days * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)) * 1_000_000 + Int64(fraction)
    }
}
