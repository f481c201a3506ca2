public import MartletCore

/// How the time of a run is named as a partition of what it makes.
public enum PartitionKey: Hashable, Codable, Sendable {
    /// Lengths of the calendar by which runs are named.
    public enum Unit: String, CaseIterable, Codable, Sendable {
        case hour, day, week, month, quarter, year
    }

    /// Where the interval starts, cut to a unit: `2026-01-02T03`, `2026-01-02`, `2026-W01`, `2026-01`, `2026-Q1`,
    /// `2026`.
    case start(of: Unit)
    /// Always the same.
    case fixed(String)
    /// The name by another key, put into other words; what has none stays as it is.
    indirect case mapped(PartitionKey, [String: String])

    /// The key of a run's interval on the clocks of a zone.
    public func text(of interval: DataInterval, in zone: Zone) -> String {
        switch self {
        case .fixed(let text): return text
        case .mapped(let key, let words):
            let text = key.text(of: interval, in: zone)
            return words[text] ?? text
        case .start(let unit):
            let time = zone.local(interval.start)
            let date = time.civil
            let (year, day) = (date.dayText.prefix { $0 != "-" }, date.dayText)
            switch unit {
            case .hour: return "\(day)T\(date.timeText(separator: ":").prefix(2))"
            case .day: return day
            case .week: return Self.week(of: time.day)
            case .month: return String(day.dropLast(3))
            case .quarter: return "\(year)-Q\((date.month + 2) / 3)"
            case .year: return String(year)
            }
        }
    }

    /// The week by ISO 8601: it belongs to the year that its Thursday is in.
    private static func week(of day: LocalDay) -> String {
        let thursday = LocalDay(number: day.number + 4 - (day.weekday == 0 ? 7 : day.weekday))
        let date = LocalTime(day: thursday).civil
        let first = Int(CivilDate.days(year: date.year, month: 1, day: 1))
        let week = (thursday.number - first) / 7 + 1
        return "\(date.dayText.prefix { $0 != "-" })-W\(week < 10 ? "0" : "")\(week)"
    }
}
