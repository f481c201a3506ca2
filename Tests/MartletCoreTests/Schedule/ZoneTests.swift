import MartletCore
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct ZoneTests {
    private func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func local(_ text: String) throws -> LocalTime {
        LocalTime(microseconds: try instant("\(text)Z").microseconds)
    }

    @Test func aTimeStandsForOneInstantTwoOrNone() throws {
        let zone = try Zone("America/New_York")
        #expect(try zone.instants(of: local("2024-07-01T12:00:00")) == .once(instant("2024-07-01T16:00:00Z")))
        #expect(
            try zone.instants(of: local("2024-11-03T01:30:00"))
                == .twice(first: instant("2024-11-03T05:30:00Z"), second: instant("2024-11-03T06:30:00Z"))
        )
        #expect(
            try zone.instants(of: local("2024-03-10T02:30:00"))
                == .never(shifted: instant("2024-03-10T07:30:00Z"), resumes: instant("2024-03-10T07:00:00Z"))
        )
        #expect(try zone.instants(of: local("2024-03-10T03:00:00")) == .once(instant("2024-03-10T07:00:00Z")))
        #expect(try zone.instants(of: local("2024-11-03T02:00:00")) == .once(instant("2024-11-03T07:00:00Z")))
    }

    @Test func aDayMayBeLeftOut() throws {
        let zone = try Zone("Pacific/Apia")
        #expect(
            try zone.instants(of: local("2011-12-30T06:00:00"))
                == .never(shifted: instant("2011-12-30T16:00:00Z"), resumes: instant("2011-12-30T10:00:00Z"))
        )
    }

    @Test(arguments: ["Europe/Zurich", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu", "UTC"])
    func localTimesLeadBack(name: String) throws {
        let zone = try Zone(name)
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let instant = Timestamp(microseconds: Int64.random(in: 0..<4_000_000_000_000_000, using: &generator))
            switch zone.instants(of: zone.local(instant)) {
            case .once(let found): #expect(found == instant)
            case .twice(let first, let second): #expect(first == instant || second == instant)
            case .never: Issue.record("\(instant) is shown, and yet not")
            }
        }
    }

    @Test func unknownZonesAreRefused() throws {
        let error = #expect(throws: MartletError.self) { try Zone("Europe/Berln") }
        #expect(error?.code == .timeZoneUnknown)
        #expect(error?.remedy == "did you mean Europe/Berlin?")
        #expect(throws: MartletError.self) { try Zone("") }
        #expect(throws: MartletError.self) { try Zone("Here") }
    }

    @Test(
        arguments: [
            ("2026-01-02", "2026-01-01T23:00:00Z"), ("2026-01-02 06:00", "2026-01-02T05:00:00Z"),
            ("2026-07-02T06:00:30.5", "2026-07-02T04:00:30.5Z"), ("2026-01-02T06:00:00Z", "2026-01-02T06:00:00Z"),
            ("2026-01-02t06:00z", "2026-01-02T06:00:00Z"), ("2026-01-02T06:00+05:30", "2026-01-02T00:30:00Z"),
            ("2026-01-02T06:00:00-0800", "2026-01-02T14:00:00Z"), ("2026-01-02 06:00 +01", "2026-01-02T05:00:00Z"),
            ("2026-03-29T02:30", "2026-03-29T01:30:00Z"), ("2026-10-25T02:30", "2026-10-25T01:30:00Z"),
        ]
    )
    func instantsAsPeopleWriteThem(text: String, expected: String) throws {
        #expect(try Timestamp(text: text, in: Zone("Europe/Berlin")) == instant(expected))
    }

    @Test(
        arguments: [
            "", "T", "2026", "2026-02-29", "2026-01-02T", "2026-01-02T6:00", "2026-01-02T24:00", "2026-01-02T06:00+25",
            "2026-01-02T06:00ZZ", "2026-01-02T06:00+1", "tomorrow", "2026-01-02T06", "12:00", "2026-01-02-03",
        ]
    )
    func otherTextsAreNoInstants(text: String) {
        let error = #expect(throws: MartletError.self) { try Timestamp(text: text, in: .utc) }
        #expect(error?.code == .instantInvalid)
    }

    @Test func daysOfTheCalendar() throws {
        let day = LocalDay(year: 2026, month: 12, day: 25)
        #expect(day.description == "2026-12-25" && day.weekday == 5)
        #expect(LocalDay(text: "2026-12-25") == day)
        #expect(LocalDay(year: 2025, month: 24, day: 25) == day)
        #expect(LocalDay(year: 2027, month: 1, day: -6) == day)
        for text in ["2026-2-5", "2026-02-30", "26-02-03", "2026-02-03T", ""] { #expect(LocalDay(text: text) == nil) }
        #expect(JSONText.encode([day]) == #"["2026-12-25"]"#)
        #expect(try JSONText.decode([LocalDay].self, from: #"["1969-12-31"]"#) == [LocalDay(number: -1)])
    }
}
