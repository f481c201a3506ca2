extension ScheduleSpec: Codable {
    private enum CodingKeys: String, CodingKey {
        case cron, at, once, continuous, timezone, start, end, catchup
        case daylight = "dst"
        case calendar, datasets
        case everySeconds = "every_seconds"
        case everyMonths = "every_months"
        case dataIntervals = "data_intervals"
        case intervalSeconds = "interval_seconds"
        case runImmediately = "run_immediately"
        case datasetPolicy = "dataset_policy"
    }

    /// Decodes an object; every key may be missing.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            rule: try Self.rule(in: container),
            timezone: try container.decodeIfPresent(String.self, forKey: .timezone),
            start: try container.decodeIfPresent(Timestamp.self, forKey: .start),
            end: try container.decodeIfPresent(Timestamp.self, forKey: .end),
            catchup: try container.decodeIfPresent(Bool.self, forKey: .catchup) ?? false,
            dataIntervals: try container.decodeIfPresent(Bool.self, forKey: .dataIntervals) ?? false,
            intervalSeconds: try container.decodeIfPresent(Double.self, forKey: .intervalSeconds) ?? 0,
            firstRun: try container.decodeIfPresent(FirstRun.self, forKey: .runImmediately) ?? .whenNear,
            daylight: try container.decodeIfPresent(DaylightPolicy.self, forKey: .daylight),
            calendar: try container.decodeIfPresent(BusinessCalendar.self, forKey: .calendar),
            datasets: try container.decodeIfPresent(DatasetCondition.self, forKey: .datasets),
            datasetPolicy: try container.decodeIfPresent(DatasetPolicy.self, forKey: .datasetPolicy)
        )
    }

    private static func rule(in container: KeyedDecodingContainer<CodingKeys>) throws -> ScheduleRule? {
        var rules: [(CodingKeys, ScheduleRule)] = []
        if container.contains(.cron) {
            let single = try? container.decode(String.self, forKey: .cron)
            let crons = try single.map { [$0] } ?? container.decode([String].self, forKey: .cron)
            rules.append((.cron, .cron(crons)))
        }
        if let seconds = try container.decodeIfPresent(Double.self, forKey: .everySeconds) {
            rules.append((.everySeconds, .every(seconds: seconds)))
        }
        if let months = try container.decodeIfPresent(Int.self, forKey: .everyMonths) {
            rules.append((.everyMonths, .everyMonths(months)))
        }
        if let instants = try container.decodeIfPresent([Timestamp].self, forKey: .at) {
            rules.append((.at, .instants(instants)))
        }
        if try container.decodeIfPresent(Bool.self, forKey: .once) == true { rules.append((.once, .once)) }
        if try container.decodeIfPresent(Bool.self, forKey: .continuous) == true {
            rules.append((.continuous, .continuous))
        }
        if rules.count > 1 {
            let keys = rules.map(\.0.rawValue).joined(separator: " and ")
            throw DecodingError.dataCorruptedError(
                forKey: rules[1].0,
                in: container,
                debugDescription: "a schedule has one rule; this has \(keys)"
            )
        }
        return rules.first?.1
    }

    /// Encodes an object without what is as usual.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch rule {
        case .cron(let crons) where crons.count == 1: try container.encode(crons[0], forKey: .cron)
        case .cron(let crons): try container.encode(crons, forKey: .cron)
        case .every(let seconds): try container.encode(seconds, forKey: .everySeconds)
        case .everyMonths(let months): try container.encode(months, forKey: .everyMonths)
        case .instants(let instants): try container.encode(instants, forKey: .at)
        case .once: try container.encode(true, forKey: .once)
        case .continuous: try container.encode(true, forKey: .continuous)
        case nil: break
        }
        try container.encodeIfPresent(timezone, forKey: .timezone)
        try container.encodeIfPresent(start, forKey: .start)
        try container.encodeIfPresent(end, forKey: .end)
        try container.encode(catchup, forKey: .catchup)
        if dataIntervals { try container.encode(true, forKey: .dataIntervals) }
        if intervalSeconds != 0 { try container.encode(intervalSeconds, forKey: .intervalSeconds) }
        if firstRun != .whenNear { try container.encode(firstRun, forKey: .runImmediately) }
        try container.encodeIfPresent(daylight, forKey: .daylight)
        try container.encodeIfPresent(calendar, forKey: .calendar)
        try container.encodeIfPresent(datasets, forKey: .datasets)
        try container.encodeIfPresent(datasetPolicy, forKey: .datasetPolicy)
    }
}

extension FirstRun: Codable {
    /// Decodes `true`, `false` or a number of seconds.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let isImmediate = try? container.decode(Bool.self) {
            self = isImmediate ? .immediately : .whenNear
        } else {
            self = .within(seconds: try container.decode(Double.self))
        }
    }

    /// Encodes as `true`, `false` or a number of seconds.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .whenNear: try container.encode(false)
        case .immediately: try container.encode(true)
        case .within(let seconds): try container.encode(seconds)
        }
    }
}
