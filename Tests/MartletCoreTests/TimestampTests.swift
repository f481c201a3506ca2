import Foundation
import MartletCore
import MartletTestKit
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2026-01-02T03:04:05.678901Z", 1_767_323_045_678_901),
        ("2000-02-29T23:59:59.5Z", 951_868_799_500_000), ("1969-12-31T23:59:59.999999Z", -1),
        ("1900-03-01T00:00:00Z", -2_203_891_200_000_000), ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
    ])
    func reads(text: String, microseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026-01-02", "2026-01-02T03:04:05", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-+1-01T00:00:00Z", "+026-01-01T00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567Z",
        "2026-01-01T00:00:00+00:00Z", "2026/01/01T00:00:00Z", "éé26-01-01T00:00:00Z", "2026-04-31T00:00:00Z",
    ])
    func refuses(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test func textAndInstantAreInverse() {
        let seed: UInt64 = 20_260_103
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            // Years 1 to 9999, those of four digits.
            let instant = Timestamp(
                microseconds: Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)
            )
            #expect(Timestamp(rfc3339: instant.description) == instant, "seed \(seed): \(instant)")
        }
    }

    @Test func agreesWithFoundation() throws {
        let format = ISO8601DateFormatter()
        for seconds in stride(from: -4_000_000_000.0, to: 8_000_000_000, by: 87_654_321) {
            let text = format.string(from: Date(timeIntervalSince1970: seconds))
            #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds))
        }
    }

    @Test func compactTextSortsByTime() {
        let instants = (0..<50).map { Timestamp(microseconds: Int64($0) * 987_654_321_000) }
        #expect(instants.map(\.compact) == instants.map(\.compact).sorted())
        #expect(Timestamp(microseconds: 0).compact == "19700101T000000Z")
    }

    @Test func arithmetic() {
        let start = Timestamp(microseconds: 10)
        #expect(start + .seconds(1) == Timestamp(microseconds: 1_000_010))
        #expect((start + .milliseconds(3)) - start == .milliseconds(3))
    }
}
