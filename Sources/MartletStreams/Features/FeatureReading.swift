package import MartletCore

/// What an online store answers for one entity.
package struct FeatureReading: Hashable, Sendable {
    /// What a feature's value is worth.
    package enum Status: String, Hashable, Codable, Sendable, CaseIterable {
        case present = "PRESENT"
        /// The value is there, and is null.
        case nullValue = "NULL_VALUE"
        /// Nothing is known of the entity.
        case notFound = "NOT_FOUND"
        /// The newest value is older than the view's time to live.
        case outsideMaxAge = "OUTSIDE_MAX_AGE"
    }

    /// The features, null where the status is not `present`.
    package var features: [StreamValue]
    /// What each is worth.
    package var statuses: [Status]
    /// The event time of the value; nil when there is none.
    package var eventTime: Int64?
    /// How old it is, in microseconds; nil when there is none.
    package var age: Int64?

    /// The answer at a wall time, with the newest value that the store has.
    package init(_ value: FeatureView.Value?, features count: Int, timeToLive: EventSpan, at now: Int64) {
        guard let value else {
            features = [StreamValue](repeating: .null, count: count)
            statuses = [Status](repeating: .notFound, count: count)
            return
        }
        eventTime = value.eventTime
        let age = max(0, EventTime.adding(now, -value.eventTime))
        self.age = age
        if timeToLive > .zero, age > timeToLive.microseconds {
            features = value.features.map { _ in .null }
            statuses = value.features.map { _ in .outsideMaxAge }
        } else {
            features = value.features
            statuses = value.features.map { $0 == .null ? .nullValue : .present }
        }
    }
}

extension FeatureView.Value {
    /// Whether an online store has to put this value in the place of `other`: the newest event time wins, then the
    /// newest knowledge time, whoever writes last.
    ///
    /// An equal one may be written again.
    package func replaces(_ other: Self) -> Bool {
        (eventTime, knownTime) >= (other.eventTime, other.knownTime)
    }
}
