import Foundation
import MartletCore

/// Instants as people read them.
enum ClockText {
    /// `2026-01-02 03:04:05Z`.
    static func utc(_ instant: Timestamp) -> String {
        let text = instant.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))Z"
    }

    /// `2026-01-02 04:04 +01:00`, and the same in UTC where that is another time.
    static func local(_ instant: Timestamp, in zone: Zone) -> String {
        let offset = zone.offsetText(at: instant)
        let time = zone.local(instant).description.replacing("T", with: " ").prefix(16)
        let utc = instant.description.dropFirst(11).prefix(5)
        return offset == "+00:00" ? "\(time)Z" : "\(time) \(offset) (\(utc)Z)"
    }

    /// The zone of this machine.
    static var zone: Zone { (try? Zone(TimeZone.current.identifier)) ?? .utc }
}
