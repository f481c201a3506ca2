import Foundation
import MartletCore

/// Times of day in a time zone.
///
/// Only the zone's offsets are asked for: a calendar would load ICU's data.
struct TimeOfDay {
    private let zone: TimeZone?

    /// The zone of that IANA name, UTC for nil; nil when there is no such zone.
    init?(timezone: String?) {
        guard let timezone, timezone != "UTC" else {
            zone = nil
            return
        }
        guard let found = TimeZone(identifier: timezone) else { return nil }
        zone = found
    }

    /// The instant at which the clocks show so many seconds since midnight, on the day that they show at `instant`.
    ///
    /// A time that the clocks pass over in spring is as long after midnight as it would be without that; of a time that
    /// they show twice in autumn, the first is meant.
    func instant(ofSecond second: Int, onDayOf instant: Timestamp) -> Timestamp {
        let utc = instant.microseconds / 1_000_000 - (instant.microseconds % 1_000_000 < 0 ? 1 : 0)
        let local = utc + offset(at: utc)
        let wanted = local - floorRemainder(local, 86_400) + Int64(second)
        let before = offset(at: wanted - 86_400)
        let after = offset(at: wanted + 86_400)
        let fitting = [before, after].filter { offset(at: wanted - $0) == $0 }.map { wanted - $0 }
        return Timestamp(microseconds: (fitting.min() ?? wanted - before) * 1_000_000)
    }

    private func offset(at utc: Int64) -> Int64 {
        Int64(zone?.secondsFromGMT(for: Date(timeIntervalSince1970: Double(utc))) ?? 0)
    }

    private func floorRemainder(_ value: Int64, _ divisor: Int64) -> Int64 {
        let remainder = value % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}
