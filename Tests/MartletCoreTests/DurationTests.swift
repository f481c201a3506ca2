import MartletCore
import MartletTestKit
import Testing

@Suite struct DurationTests {
    @Test(arguments: [
        ("250ms", 0.25), ("5s", 5.0), ("10m", 600.0), ("1h30m", 5400.0), ("2d", 172_800.0), ("1.5s", 1.5), ("0s", 0.0),
        ("1d2h3m4s5ms", 93_784.005),
    ])
    func reads(text: String, seconds: Double) throws { #expect(try Duration(text: text).seconds == seconds) }

    @Test(arguments: [
        ("", "it is empty"), ("10", "the number 10 has no unit (ms, s, m, h or d)"), ("5x", "\"x\" is not a unit"),
        ("s", "a number is missing"), ("1..5s", "1..5 is not a number"), ("-5s", "a number is missing"),
        ("5 s", "\" s\" is not a unit"), ("99999d", "it is longer than ten years"), ("1h5", "the number 5 has no unit"),
        ("٣s", "a number is missing"), ("1e3s", "\"e\" is not a unit"),
    ])
    func refuses(text: String, reason: String) {
        let error = #expect(throws: InvalidDuration.self) { try Duration(text: text) }
        #expect(error?.reason.hasPrefix(reason) == true, "\(error?.reason ?? "")")
    }

    @Test func wholeMillisecondsSurviveTheirText() throws {
        let seed: UInt64 = 20_260_102
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let milliseconds = Int64.random(in: 0...300_000_000_000, using: &random)
            let (days, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000)
            let text = "\(days)d\(rest / 3_600_000)h\(rest / 60_000 % 60)m\(rest / 1000 % 60)s\(rest % 1000)ms"
            #expect(try Duration(text: text) == .milliseconds(milliseconds), "seed \(seed): \(text)")
        }
    }

    @Test(arguments: [
        (0.0, "0ms"), (0.0994, "99ms"), (0.4, "0.4s"), (9.94, "9.9s"), (9.96, "10s"), (59.4, "59s"), (59.6, "1m 00s"),
        (185.0, "3m 05s"), (7800.0, "2h 10m"), (90_000.0, "1d 01h"), (-3.0, "0ms"),
    ])
    func shortTextIsShort(seconds: Double, text: String) {
        #expect(Duration.microseconds(Int64(seconds * 1_000_000)).shortText == text)
    }
}
