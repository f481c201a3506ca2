/// The times of a series: what is usual between two, and what stands in for one that is missing.
struct SeriesClock: Sendable {
    private var intervals: [Int64] = []
    private(set) var now: Int64 = 0
    private var isStarted = false
    /// The usual interval, once enough are known.
    private(set) var settledStep: Int64?
    /// Whether the times are instants of a calendar, and not just numbers.
    private(set) var isCalendar = false
    /// Times before this, in microseconds since 1970, are taken for numbers: 1973.
    private static let earliest: Int64 = 100_000_000_000_000

    /// The usual interval in microseconds, or a guess.
    var step: Int64 { settledStep ?? intervals.last ?? 1_000_000 }

    /// The time of the next row.
    mutating func advance(to time: Int64?) -> Int64 {
        let next = time ?? (isStarted ? now &+ step : 0)
        if let time, time >= Self.earliest { isCalendar = true }
        if isStarted, settledStep == nil {
            let (interval, overflows) = next.subtractingReportingOverflow(now)
            if interval > 0, !overflows { intervals.append(interval) }
            if intervals.count == 9 { settledStep = intervals.sorted()[4] }
        }
        (now, isStarted) = (next, true)
        return next
    }
}
