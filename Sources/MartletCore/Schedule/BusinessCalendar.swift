/// Days on which a pipeline does not start.
public struct BusinessCalendar: Hashable, Codable, Sendable {
    /// What becomes of a start on such a day.
    public enum Policy: String, CaseIterable, Codable, Sendable {
        /// It does not happen.
        case skip
        /// It moves to the next other day, at the same time of day.
        case nextBusinessDay = "next_business_day"
    }

    /// Whether Saturdays and Sundays are such days.
    public var skipsWeekends: Bool
    /// Single such days, by the calendar of the schedule's zone.
    public var holidays: [LocalDay]
    /// What becomes of a start on such a day.
    public var policy: Policy

    /// A calendar.
    public init(skipsWeekends: Bool = false, holidays: [LocalDay] = [], policy: Policy = .skip) {
        self.skipsWeekends = skipsWeekends
        self.holidays = holidays
        self.policy = policy
    }

    private enum CodingKeys: String, CodingKey {
        case skipsWeekends = "skips_weekends"
        case holidays, policy
    }

    /// Decodes an object; every key may be missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        skipsWeekends = try container.decodeIfPresent(Bool.self, forKey: .skipsWeekends) ?? false
        holidays = try container.decodeIfPresent([LocalDay].self, forKey: .holidays) ?? []
        policy = try container.decodeIfPresent(Policy.self, forKey: .policy) ?? .skip
    }
}
