package import MartletCore

/// The point-in-time join: for each entity and time, the newest feature row that was known then.
///
/// For an entity with key k and time t, let t' be t less the lag. Rows that count have the key, an event time not after
/// t' and, with a time to live, not before t' less that; and they were known by t', so that a correction does not leak
/// into the past. Of these the one with the latest event time is taken, then the latest known, then the last by
/// position. Both bounds are inclusive. An entity without such a row stands without one, and every entity row stays,
/// also one that is there twice. Null keys and times match nothing.
///
/// This is the reference; ``PointInTimeSQL`` says the same to DuckDB.
package struct PointInTimeJoin: Hashable, Sendable {
    /// How old a row may be, in microseconds; 0 for any age.
    package var timeToLive: EventSpan
    /// How far before the entity's time the join looks, so that a label does not leak into its own features.
    package var lag: EventSpan
    /// Whether rows that were not known in time are left out; without it their knowledge times only break ties.
    package var usesKnowledgeTime: Bool

    package init(timeToLive: EventSpan = .zero, lag: EventSpan = .zero, usesKnowledgeTime: Bool = true) {
        self.timeToLive = timeToLive
        self.lag = lag
        self.usesKnowledgeTime = usesKnowledgeTime
    }

    /// An entity to find features for.
    package struct Entity: Hashable, Sendable {
        /// The key.
        package var key: [StreamValue]
        /// The time, in microseconds; nil matches nothing.
        package var time: Int64?

        package init(key: [StreamValue], time: Int64?) {
            self.key = key
            self.time = time
        }
    }

    /// A row of features.
    package struct Row: Hashable, Sendable {
        /// The key.
        package var key: [StreamValue]
        /// When its values became true, in microseconds; nil matches nothing.
        package var eventTime: Int64?
        /// When they became known, in microseconds; nil for never.
        package var knownTime: Int64?
        /// Its place in the source, which breaks the last ties.
        package var position: Int64

        package init(key: [StreamValue], eventTime: Int64?, knownTime: Int64?, position: Int64) {
            self.key = key
            self.eventTime = eventTime
            self.knownTime = knownTime
            self.position = position
        }
    }

    /// For each entity the index of its row in `rows`; nil for none.
    package func join(_ entities: [Entity], with rows: [Row]) -> [Int?] {
        var byKey = [[StreamValue]: [Int]]()
        for (index, row) in rows.enumerated() where row.eventTime != nil && !row.key.contains(.null) {
            if usesKnowledgeTime, row.knownTime == nil { continue }
            byKey[Self.canonical(row.key), default: []].append(index)
        }
        for key in byKey.keys { byKey[key]?.sort { Self.order(rows[$0]) < Self.order(rows[$1]) } }
        return entities.map { entity in
            guard let time = entity.time, !entity.key.contains(.null) else { return nil }
            return newest(byKey[Self.canonical(entity.key)] ?? [], rows, at: EventTime.adding(time, -lag.microseconds))
        }
    }

    /// The order in which rows are newer.
    private static func order(_ row: Row) -> (Int64, Int64, Int64) {
        (row.eventTime ?? .min, row.knownTime ?? .min, row.position)
    }

    /// Equal keys in one form: as in SQL, zero is zero and NaN is NaN.
    private static func canonical(_ key: [StreamValue]) -> [StreamValue] {
        key.map { value in
            guard case .double(let number) = value else { return value }
            return number.isNaN ? .text("NaN") : .double(number + 0)
        }
    }

    /// The newest of the sorted `candidates` that counts at `time`.
    private func newest(_ candidates: [Int], _ rows: [Row], at time: Int64) -> Int? {
        var (low, high) = (0, candidates.count)
        while low < high {
            let middle = (low + high) / 2
            if (rows[candidates[middle]].eventTime ?? .min) <= time { low = middle + 1 } else { high = middle }
        }
        let oldest = timeToLive > .zero ? EventTime.adding(time, -timeToLive.microseconds) : EventTime.beginning
        for candidate in candidates[..<low].reversed() {
            guard let eventTime = rows[candidate].eventTime, eventTime >= oldest else { return nil }
            if !usesKnowledgeTime || (rows[candidate].knownTime ?? .max) <= time { return candidate }
        }
        return nil
    }
}
