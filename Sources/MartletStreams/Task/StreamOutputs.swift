package import MartletCore

/// A record that did not count.
package struct RejectedRecord: Hashable, Sendable {
    /// Why a record does not count.
    package enum Reason: String, Hashable, Codable, Sendable, CaseIterable {
        /// All its windows are closed.
        case late
        /// It has no event time, or one out of range.
        case timeInvalid = "time_invalid"
        /// Its event time is too far ahead.
        case timeAhead = "time_ahead"
        /// Its key is too long.
        case keyTooLong = "key_too_long"
    }

    /// Where it is from.
    package var partition: Int32
    /// Its offset.
    package var offset: Int64
    /// Its row in the batch.
    package var row: Int
    /// Its event time; nil when it has none.
    package var time: Int64?
    /// Why it does not count.
    package var reason: Reason
}

/// What a task gives for what it was given.
package struct StreamOutputs: Hashable, Sendable {
    /// Results, in the order of their windows' ends, then keys.
    package var panes: [Pane] = []
    /// Records that did not count; none is dropped without standing here.
    package var rejected: [RejectedRecord] = []
    /// Of a definition without windows: the rows of the batch that passed the filter, with the derived columns.
    package var passed: StreamBatch?
    /// The watermark after it.
    package var watermark = EventTime.beginning
}

/// What a task has counted since it was made, over restarts.
package struct StreamCounters: Hashable, Sendable {
    /// Records taken in.
    package var records: Int64 = 0
    /// Records that the filter left out.
    package var filtered: Int64 = 0
    /// Records that were late.
    package var late: Int64 = 0
    /// Records rejected for another reason.
    package var invalid: Int64 = 0
    /// Records skipped because they were before the offset to read next.
    package var replayed: Int64 = 0
    /// Records left out because their identity was seen already.
    package var repeated: Int64 = 0
    /// Results emitted, retractions among them.
    package var panes: Int64 = 0

    /// Nothing counted.
    package init() {}
}
