import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct WaitRenderingTests {
    private let step = InstanceID(StepID(trusted: "w"))

    private func subject(
        _ condition: WaitCondition,
        params: [String: JSONValue] = [:],
        times: WaitTimes = WaitTimes(),
        startedAt: Timestamp = newYear
    ) throws -> WaitSubject {
        try WaitRequest(
            WaitAction(condition),
            of: step,
            in: waitContext(params: params),
            times: times,
            startedAt: startedAt
        ).subject
    }

    @Test(arguments: [
        ("data/{{ params.x }}/*.csv", "2026", "data/2026/*.csv"), ("{{ params.x }}", "*.csv", "\\*.csv"),
        ("a?{{ params.x }}", "b?c\\d*", "a?b\\?c\\\\d\\*"), ("{{ params.x }}/y", "a/b", "a/b/y"),
    ])
    func valuesAreNoPatterns(path: String, value: String, expected: String) throws {
        let subject = try subject(.file(FileWait(path: path)), params: ["x": .string(value)])
        #expect(subject == .file(FileWait(path: expected)))
    }

    @Test(arguments: [
        ("https://e.x/{{ params.x }}", "a b/c?d=é&", "https://e.x/a%20b%2Fc%3Fd%3D%C3%A9%26"),
        ("{{ params.x }}/ready", "https://e.x/a", "https://e.x/a/ready"),
        ("https://e.x/?q={{ params.x }}", "~a-b_c.d", "https://e.x/?q=~a-b_c.d"),
    ])
    func valuesAreEncodedInAddresses(url: String, value: String, expected: String) throws {
        let subject = try subject(.http(HTTPWait(url: url)), params: ["x": .string(value)])
        #expect(subject == .http(HTTPWait(url: expected)))
    }

    @Test(arguments: ["{{ params.x }}", "{{ params.x }}://e.x"]) func onlyWebAddressesAreAsked(url: String) {
        for value in ["file:///etc/passwd", "gopher", "", "https://e.x/a b", "https://e.x\n"] {
            let error = #expect(throws: MartletError.self) {
                try subject(.http(HTTPWait(url: url)), params: ["x": .string(value)])
            }
            #expect(error?.code == .waitImpossible)
        }
    }

    @Test func aHeaderIsOneLine() {
        let wait = HTTPWait(url: "https://e.x", headers: ["A": "{{ params.x }}"])
        #expect(throws: MartletError.self) { try subject(.http(wait), params: ["x": "a\r\nB: c"]) }
    }

    @Test func valuesAreLiteralsInSQL() throws {
        let subject = try subject(.sql(SQLWait(statement: "SELECT {{ params.x }}")), params: ["x": "it's"])
        #expect(subject == .sql(SQLWait(statement: "SELECT 'it''s'")))
    }

    @Test func anUndefinedNameFailsTheStep() {
        let error = #expect(throws: MartletError.self) { try subject(.file(FileWait(path: "{{ params.no }}"))) }
        #expect(error?.code == .expressionFailed)
    }

    @Test func datasetsCountFromTheInterval() throws {
        let dataset = DatasetID(trusted: "a")
        let start = newYear + .seconds(-86_400)
        let times = WaitTimes(intervalStart: start)
        #expect(try subject(.dataset(DatasetWait(dataset: dataset)), times: times) == .dataset(dataset, since: start))
        #expect(try subject(.dataset(DatasetWait(dataset: dataset))) == .dataset(dataset, since: newYear))
        let own = DatasetWait(dataset: dataset, since: .stepStart)
        #expect(try subject(.dataset(own), times: times) == .dataset(dataset, since: newYear))
        let ever = DatasetWait(dataset: dataset, since: .ever)
        #expect(try subject(.dataset(ever), times: times) == .dataset(dataset, since: nil))
    }

    @Test func stepsAreOfTheSameLogicalDate() throws {
        var wait = StepWait(pipeline: PipelineID(trusted: "q"), offsetSeconds: -3600)
        let times = WaitTimes(logicalDate: newYear)
        #expect(try subject(.step(wait), times: times) == .step(wait, logicalDate: newYear + .seconds(-3600)))
        #expect(throws: MartletError.self) { try subject(.step(wait)) }
        wait.run = .latest
        #expect(try subject(.step(wait)) == .step(wait, logicalDate: nil))
    }

    @Test func instantsAreWorkedOut() throws {
        let instant = try subject(.until(.instant("{{ params.x }}")), params: ["x": "2026-03-01T00:00:00Z"])
        #expect(instant == .instant(newYear + .seconds(59 * 86_400)))
        #expect(throws: MartletError.self) { try subject(.until(.instant("{{ params.x }}")), params: ["x": "soon"]) }
        let times = WaitTimes(logicalDate: newYear, intervalEnd: newYear + .seconds(10))
        let end = UntilWait.delta(seconds: 5, from: .intervalEnd)
        #expect(try subject(.until(end), times: times) == .instant(newYear + .seconds(15)))
        #expect(
            try subject(.until(.delta(seconds: 5, from: .logicalDate)), times: times) == .instant(newYear + .seconds(5))
        )
        #expect(throws: MartletError.self) { try subject(.until(end)) }
    }

    /// What GNU date prints for these times in these zones.
    @Test(arguments: [
        ("06:30", String?.none, "2026-01-01T12:00:00Z", "2026-01-01T06:30:00Z"),
        ("06:30", "UTC", "2026-01-01T12:00:00Z", "2026-01-01T06:30:00Z"),
        ("06:30", "Europe/Berlin", "2026-07-01T12:00:00Z", "2026-07-01T04:30:00Z"),
        ("06:30", "Europe/Berlin", "2026-12-31T23:30:00Z", "2027-01-01T05:30:00Z"),
        ("23:59:59", "Pacific/Auckland", "2026-01-01T12:00:00Z", "2026-01-02T10:59:59Z"),
        ("00:00", "Asia/Kathmandu", "2026-01-01T18:15:00Z", "2026-01-01T18:15:00Z"),
        // The clocks go from 2:00 to 3:00, and from 3:00 back to 2:00.
        ("02:30", "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-29T01:30:00Z"),
        ("03:00", "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-29T01:00:00Z"),
        ("01:59", "Europe/Berlin", "2026-03-29T10:00:00Z", "2026-03-29T00:59:00Z"),
        ("02:30", "Europe/Berlin", "2026-10-25T10:00:00Z", "2026-10-25T00:30:00Z"),
        ("03:00", "Europe/Berlin", "2026-10-25T10:00:00Z", "2026-10-25T02:00:00Z"),
        ("12:00", "Europe/Berlin", "1969-07-20T20:00:00Z", "1969-07-20T11:00:00Z"),
    ])
    func timesOfDayFollowTheZone(time: String, zone: String?, day: String, expected: String) throws {
        let start = try #require(Timestamp(rfc3339: day))
        let subject = try subject(.until(.timeOfDay(time, timezone: zone)), startedAt: start)
        #expect(subject == .instant(try #require(Timestamp(rfc3339: expected))))
    }

    @Test func questionsFillInTheirMessage() throws {
        let action = ApproveAction(message: "Publish {{ params.x }}?", timeoutSeconds: 5, onTimeout: .skip)
        let request = try WaitRequest(action, of: step, in: waitContext(params: ["x": "it"]), startedAt: newYear)
        guard case .answer(let asked) = request.subject else {
            Issue.record("\(request.subject)")
            return
        }
        #expect(asked.message == "Publish it?")
        #expect(request.key.description == "p-1/w#1")
    }
}
