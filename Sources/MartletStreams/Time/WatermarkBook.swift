package import MartletCore

/// How far event time has come, by input partition and for all of them together.
///
/// The watermark W of a partition is its highest event time less the allowed disorder: no further record with an
/// earlier time is expected. That of the task is the least over the partitions that are not idle, and never goes back.
package struct WatermarkBook: Hashable, Sendable {
    /// What is known of one partition.
    package struct Partition: Hashable, Sendable {
        /// The highest event time; nil before the first record.
        package var highest: Int64?
        /// The wall time of the last record, or of the assignment.
        package var lastActive: Int64
        /// The offset to read next.
        package var nextOffset: Int64
        /// The partition's end, as far as it is known.
        package var highWatermark: Int64?
        /// Whether it is left out of the minimum.
        package var isIdle = false

        /// Whether everything that the partition is known to hold has been read.
        package var isCaughtUp: Bool { highWatermark.map { nextOffset >= $0 } ?? false }
        /// Whether there is something to read that has not come yet.
        package var isLagging: Bool { highWatermark.map { nextOffset < $0 } ?? false }
    }

    /// The partitions by number.
    package private(set) var partitions: [Int32: Partition] = [:]
    /// The task's watermark.
    package private(set) var watermark = EventTime.beginning
    /// How far records may be behind the highest event time, in microseconds.
    let disorder: Int64
    /// After what time without records a partition is idle, in microseconds; nil for never.
    let idleTimeout: Int64?
    /// Whether event time goes on with the wall clock while all partitions are idle and read to their ends.
    let followsWallClock: Bool

    package init(disorder: EventSpan, idleTimeout: EventSpan?, followsWallClock: Bool) {
        self.disorder = disorder.microseconds
        self.idleTimeout = idleTimeout?.microseconds
        self.followsWallClock = followsWallClock
    }

    /// The watermark of a partition by its own records.
    package func watermark(of partition: Int32) -> Int64 {
        guard let highest = partitions[partition]?.highest else { return EventTime.beginning }
        return EventTime.adding(highest, -disorder)
    }

    /// Adds a partition that is read from `nextOffset` on; one that is here already stays as it is.
    package mutating func assign(_ partition: Int32, nextOffset: Int64, wallTime: Int64) {
        guard partitions[partition] == nil else { return }
        partitions[partition] = Partition(lastActive: wallTime, nextOffset: nextOffset)
    }

    /// Takes a partition out, which then holds nothing back.
    package mutating func revoke(_ partition: Int32) { partitions[partition] = nil }

    /// Notes what a batch brought: the highest event time of its records, and where reading goes on.
    package mutating func note(
        _ partition: Int32,
        highest: Int64?,
        hasRecords: Bool,
        nextOffset: Int64,
        highWatermark: Int64?,
        wallTime: Int64
    ) {
        var known = partitions[partition] ?? Partition(lastActive: wallTime, nextOffset: nextOffset)
        if let highest { known.highest = max(known.highest ?? EventTime.beginning, highest) }
        known.nextOffset = max(known.nextOffset, nextOffset)
        if let highWatermark { known.highWatermark = max(known.highWatermark ?? 0, highWatermark) }
        if hasRecords {
            known.lastActive = max(known.lastActive, wallTime)
            known.isIdle = false
        }
        partitions[partition] = known
    }

    /// Works out idleness and the watermark at a wall time.
    package mutating func update(wallTime: Int64) {
        if let idleTimeout {
            for (number, known) in partitions {
                // One with something left to read is slow, not idle: closing its windows would lose the rest.
                let isIdle = !known.isLagging && EventTime.adding(known.lastActive, idleTimeout) <= wallTime
                partitions[number]?.isIdle = isIdle
            }
        }
        if let least = leastActive() {
            watermark = max(watermark, least)
        } else if followsWallClock, !partitions.isEmpty, partitions.values.allSatisfy(\.isCaughtUp) {
            let highest = partitions.values.compactMap(\.highest).max()
            let lastActive = partitions.values.map(\.lastActive).max()
            if let highest, let lastActive {
                // At the pace of the wall clock, keeping the delay that the records had; never ahead of the clock.
                let elapsed = max(0, EventTime.adding(wallTime, -lastActive))
                let reached = max(highest, min(wallTime, EventTime.adding(highest, elapsed)))
                watermark = max(watermark, EventTime.adding(reached, -disorder))
            }
        }
    }

    /// The least watermark of the partitions that are not idle; nil when all are, or there are none.
    package func leastActive(except left: Int32? = nil) -> Int64? {
        var least: Int64?
        for (number, known) in partitions where !known.isIdle && number != left {
            let own = known.highest.map { EventTime.adding($0, -disorder) } ?? EventTime.beginning
            least = min(least ?? own, own)
        }
        return least
    }

    /// Ends all partitions: nothing more is expected.
    package mutating func finish() { watermark = EventTime.end }

    /// The instant at which a partition would become idle next; nil when none can.
    package var nextIdle: Int64? {
        guard let idleTimeout else { return nil }
        return partitions.values.filter { !$0.isIdle && !$0.isLagging }
            .map { EventTime.adding($0.lastActive, idleTimeout) }.min()
    }

    mutating func restore(_ restored: [Int32: Partition], watermark: Int64) {
        partitions = restored
        self.watermark = watermark
    }
}
