public import MartletCore

/// The time that a run is for.
public struct DataInterval: Hashable, Codable, Sendable {
    /// The first instant.
    public var start: Timestamp
    /// The instant after the last; the first itself for a run that is for one instant.
    public var end: Timestamp

    /// The time from `start` until `end`.
    public init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }
}

/// One start of a pipeline that its timetable calls for.
public struct ScheduledTick: Hashable, Codable, Sendable {
    /// When the run may start.
    public var runAfter: Timestamp
    /// The time it is for.
    public var interval: DataInterval

    /// A start at `runAfter` for `interval`.
    public init(runAfter: Timestamp, interval: DataInterval) {
        self.runAfter = runAfter
        self.interval = interval
    }

    /// The date that names the run among those of its pipeline: where its interval starts.
    public var logicalDate: Timestamp { interval.start }
    /// Where its interval starts.
    public var dataIntervalStart: Timestamp { interval.start }
    /// Where its interval ends.
    public var dataIntervalEnd: Timestamp { interval.end }

    enum CodingKeys: String, CodingKey {
        case runAfter = "run_after"
        case interval = "data_interval"
    }
}
