import MartletCore

/// Arithmetic on event times, in microseconds since 1970-01-01T00:00:00Z.
package enum EventTime {
    /// Before everything: the watermark of a partition without records.
    package static let beginning = Int64.min
    /// After everything: the watermark of an input that has ended.
    package static let end = Int64.max

    /// Whether a time is one that the engine takes.
    package static func isValid(_ time: Int64) -> Bool {
        (-Limits.eventTimeMicroseconds...Limits.eventTimeMicroseconds).contains(time)
    }

    /// A time and a length added, kept in range.
    @inline(__always)
    package static func adding(_ time: Int64, _ span: Int64) -> Int64 {
        let (sum, overflow) = time.addingReportingOverflow(span)
        return overflow ? (span < 0 ? beginning : end) : sum
    }

    /// `time` rounded down to `offset` plus a multiple of `step`, also for times before 1970.
    @inline(__always)
    package static func floor(_ time: Int64, step: Int64, offset: Int64) -> Int64 {
        let rest = (time - offset) % step
        return time - (rest < 0 ? rest + step : rest)
    }
}
