extension Timestamp {
    /// The instant written as a date or a date and a time, as people write it.
    ///
    /// `2026-01-02`, `2026-01-02 06:00`, `2026-01-02T06:00:00` and the same with fractions are times of the zone's
    /// clocks; with `Z` or an offset such as `+02:00` after them, they are instants by themselves. A time that the
    /// clocks show twice is the second, one that they skip is moved forward.
    ///
    /// - Throws: ``MartletError`` MT1024 when it is none of them.
    public init(text: String, in zone: Zone) throws(MartletError) {
        // The first blank stands for the T, another before the offset for nothing.
        let words = text.uppercased().split { $0.isASCII && $0.isWhitespace }
        let joined = words.prefix(2).joined(separator: "T") + words.dropFirst(2).joined()
        let (date, rest) =
            joined.firstIndex(of: "T").map { (joined[..<$0], joined[$0...].dropFirst()) } ?? (joined[...], "00:00")
        let mark = rest.lastIndex { "Z+-".contains($0) }
        let time = Self.fullTime(rest[..<(mark ?? rest.endIndex)])
        let offset = mark.map { Self.offset(rest[$0...]) } ?? 0
        guard let offset, let naive = Timestamp(rfc3339: "\(date)T\(time)Z") else {
            throw MartletError(
                .instantInvalid,
                "\"\(text)\" is not a date or an instant",
                remedy: "write 2026-01-02, 2026-01-02T06:00 (local) or 2026-01-02T06:00:00Z"
            )
        }
        if mark == nil {
            self = zone.instants(of: LocalTime(microseconds: naive.microseconds)).usual
        } else {
            self.init(microseconds: naive.microseconds - offset * 1_000_000)
        }
    }

    /// A time of day with its seconds.
    private static func fullTime(_ text: Substring) -> String {
        text.utf8.count == 5 ? "\(text):00" : String(text)
    }

    /// The seconds of `Z`, `+02:00`, `+0200` or `+02`; nil for anything else.
    private static func offset(_ text: Substring) -> Int64? {
        if text == "Z" { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard text.first != "Z", digits.utf8.allSatisfy(NameRules.isDigit), [2, 4].contains(digits.count),
            let hours = Int64(digits.prefix(2)), let minutes = Int64("0" + digits.dropFirst(2)), hours < 24,
            minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (text.first == "-" ? -1 : 1)
    }
}
