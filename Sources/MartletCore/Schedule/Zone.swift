import Foundation

/// A time zone: what the clocks of a place show at an instant, and when they show a given time.
public struct Zone: Sendable, Hashable {
    /// Its IANA name, as given.
    public let name: String
    private let zone: TimeZone

    /// Coordinated Universal Time.
    public static let utc = Zone(name: "UTC", zone: .gmt)

    /// The version of the time zone database in use, as in `2025b`.
    public static var databaseVersion: String { TimeZone.timeZoneDataVersion }

    private init(name: String, zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// The zone with an IANA name such as `Europe/Berlin`.
    ///
    /// - Throws: ``MartletError`` MT1022, with the nearest known name.
    public init(_ name: String) throws(MartletError) {
        guard let zone = TimeZone(identifier: name) else {
            let nearest = NearestName.of(name, among: TimeZone.knownTimeZoneIdentifiers)
            throw MartletError(
                .timeZoneUnknown,
                "there is no time zone \"\(name)\"",
                remedy: nearest.map { "did you mean \($0)?" } ?? "use an IANA name such as Europe/Berlin"
            )
        }
        self.init(name: name, zone: zone)
    }

    /// How far its clocks are ahead of UTC at an instant, in microseconds.
    public func offset(at instant: Timestamp) -> Int64 {
        let seconds = (Double(instant.microseconds) / 1_000_000).rounded(.down)
        return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: seconds))) * 1_000_000
    }

    /// What its clocks show at an instant.
    public func local(_ instant: Timestamp) -> LocalTime {
        LocalTime(microseconds: instant.microseconds + offset(at: instant))
    }

    /// When its clocks show `time`.
    public func instants(of time: LocalTime) -> LocalInstants {
        // No zone is further from UTC than a day, and none changes twice within two.
        let before = offset(at: Timestamp(microseconds: time.microseconds - Self.day))
        let after = offset(at: Timestamp(microseconds: time.microseconds + Self.day))
        let early = Timestamp(microseconds: time.microseconds - before)
        if before == after { return .once(early) }
        let late = Timestamp(microseconds: time.microseconds - after)
        switch (offset(at: early) == before, offset(at: late) == after) {
        case (true, true): return .twice(first: early, second: late)
        case (true, false): return .once(early)
        case (false, true): return .once(late)
        case (false, false): return .never(shifted: early, resumes: change(between: late, and: early))
        }
    }

    /// A change of the clocks near an instant: at most `reach` before or after it.
    package func change(near instant: Timestamp, reach: Int64 = 26 * 3_600_000_000) -> ZoneChange? {
        let low = Timestamp(microseconds: instant.microseconds - reach)
        let high = Timestamp(microseconds: instant.microseconds + reach)
        let (before, after) = (offset(at: low), offset(at: high))
        if before == after { return nil }
        return ZoneChange(at: change(between: low, and: high), before: before, after: after)
    }

    /// The first instant with the later of the two offsets.
    private func change(between low: Timestamp, and high: Timestamp) -> Timestamp {
        let before = offset(at: low)
        var (low, high) = (low.microseconds / 1_000_000, high.microseconds / 1_000_000)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: Timestamp(microseconds: middle * 1_000_000)) == before { low = middle } else { high = middle }
        }
        return Timestamp(microseconds: high * 1_000_000)
    }

    private static let day: Int64 = 86_400_000_000
}

/// The instants at which the clocks of a zone show one time.
public enum LocalInstants: Hashable, Sendable {
    /// As on most days.
    case once(Timestamp)
    /// The clocks are set back over it.
    case twice(first: Timestamp, second: Timestamp)
    /// The clocks are set forward over it: the time moved on by as much as they are, and the first instant after.
    case never(shifted: Timestamp, resumes: Timestamp)

    /// The instant that Airflow takes: the second of two; of none, the time moved forward.
    public var usual: Timestamp {
        switch self {
        case .once(let instant): instant
        case .twice(_, let second): second
        case .never(let shifted, _): shifted
        }
    }
}

/// The clocks of a zone being set.
package struct ZoneChange: Hashable, Sendable {
    /// The first instant with the new offset.
    package var at: Timestamp
    /// The offset until then, in microseconds.
    package var before: Int64
    /// The offset from then on.
    package var after: Int64

    /// By how much they are set, either way.
    package var size: Int64 { abs(after - before) }
}

extension Zone {
    /// How far its clocks are ahead of UTC, as in `-04:00`.
    public func offsetText(at instant: Timestamp) -> String {
        let minutes = Int(offset(at: instant).flooredQuotient(60_000_000))
        return "\(minutes < 0 ? "-" : "+")\(padded(abs(minutes) / 60, 2)):\(padded(abs(minutes) % 60, 2))"
    }
}
