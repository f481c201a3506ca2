import MartletCore
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct ScheduleSpecTests {
    private static let rules: [ScheduleRule?] = [
        .cron(["@daily"]), .cron(["0 6 * * *", "0 18 * * *"]), .every(seconds: 900), .everyMonths(3),
        .instants([Timestamp(microseconds: 0)]), .once, .continuous, nil,
    ]

    @Test(arguments: rules) func decodingUndoesEncoding(rule: ScheduleRule?) throws {
        let plain = ScheduleSpec(rule: rule)
        #expect(try JSONText.decode(ScheduleSpec.self, from: JSONText.encode(plain)) == plain)
        var spec = plain
        spec.timezone = "Europe/Berlin"
        spec.start = Timestamp(microseconds: 5)
        spec.end = Timestamp(microseconds: 6)
        (spec.catchup, spec.dataIntervals, spec.intervalSeconds) = (true, true, 60)
        spec.firstRun = .within(seconds: 90)
        spec.daylight = DaylightPolicy(gap: .firstAfter)
        spec.calendar = BusinessCalendar(skipsWeekends: true, holidays: [LocalDay(number: 9)], policy: .nextBusinessDay)
        spec.datasets = .all(["a/b", .any(["c", "d"])])
        spec.datasetPolicy = .window(DatasetWindow(durationSeconds: 5, count: 3, quietSeconds: 1))
        #expect(try JSONText.decode(ScheduleSpec.self, from: JSONText.encode(spec)) == spec)
    }

    @Test func theJSONIsAsShortAsCanBe() throws {
        #expect(JSONText.encode(ScheduleSpec(cron: "@daily")) == #"{"catchup":false,"cron":"@daily"}"#)
        let spec = ScheduleSpec(datasets: .any(["a", "b"]), datasetPolicy: .each)
        #expect(JSONText.encode(spec) == #"{"catchup":false,"dataset_policy":"each","datasets":{"any":["a","b"]}}"#)
        #expect(try JSONText.decode(ScheduleSpec.self, from: "{}") == ScheduleSpec())
        let immediate = try JSONText.decode(ScheduleSpec.self, from: #"{"run_immediately":true}"#)
        #expect(immediate.firstRun == .immediately)
    }

    @Test(
        arguments: [
            #"{"cron":"@daily","every_seconds":9}"#, #"{"cron":5}"#, #"{"dataset_policy":"some"}"#,
            #"{"datasets":{"none":[]}}"#, #"{"datasets":["a"]}"#, #"{"calendar":{"holidays":["soon"]}}"#,
            #"{"start":"2026-01-01"}"#, #"{"dst":{"gap":"leap"}}"#,
        ]
    )
    func otherJSONIsRefused(text: String) {
        #expect(throws: DecodingError.self) { try JSONText.decode(ScheduleSpec.self, from: text) }
    }

    private func path(_ spec: ScheduleSpec) -> [String] {
        spec.problems(seed: "p").map { problem in
            ManifestProblem(problem.path, problem.error).pathText + " \(problem.error.code)"
        }
    }

    @Test func problemsHaveTheirPlace() {
        #expect(Self.rules.allSatisfy { path(ScheduleSpec(rule: $0)).isEmpty })
        #expect(path(ScheduleSpec(rule: .cron(["@daily", "61 * * * *"]))) == ["cron[1] MT1011"])
        #expect(path(ScheduleSpec(cron: "@daily", timezone: "Here")) == ["timezone MT1022"])
        #expect(path(ScheduleSpec(rule: .cron([]))) == ["cron MT1023"])
        for seconds in [0, -5, .nan, .infinity, 1e9] as [Double] {
            #expect(path(ScheduleSpec(rule: .every(seconds: seconds))) == ["every MT1023"])
        }
        #expect(path(ScheduleSpec(rule: .everyMonths(0))) == ["every MT1023"])
        #expect(path(ScheduleSpec(rule: .instants([]))) == ["at MT1023"])
        let (first, second) = (Timestamp(microseconds: 1), Timestamp(microseconds: 2))
        #expect(path(ScheduleSpec(rule: .once, start: second, end: first)) == ["end MT1023"])
        #expect(path(ScheduleSpec(rule: .once, start: second, end: second)).isEmpty)
        #expect(path(ScheduleSpec(rule: .once, dataIntervals: true)) == ["data_intervals MT1023"])
        #expect(
            path(ScheduleSpec(rule: .cron(["@daily"]), dataIntervals: true, intervalSeconds: 5)) == ["interval MT1023"]
        )
        #expect(path(ScheduleSpec(rule: .cron(["@daily"]), intervalSeconds: -5)) == ["interval MT1023"])
        #expect(
            path(ScheduleSpec(rule: .cron(["@daily"]), firstRun: .within(seconds: .nan))) == ["run_immediately MT1023"]
        )
        #expect(path(ScheduleSpec(rule: .every(seconds: 60), daylight: DaylightPolicy())) == ["dst MT1023"])
        #expect(path(ScheduleSpec(rule: .once, calendar: BusinessCalendar())) == ["calendar MT1023"])
        #expect(path(ScheduleSpec(rule: .once, datasetPolicy: .each)) == ["dataset_policy MT1023"])
        #expect(path(ScheduleSpec(datasets: .any([]))) == ["datasets MT1023"])
        #expect(path(ScheduleSpec(datasets: .all(["a", .any([])]))) == ["datasets MT1023"])
        let endless = ScheduleSpec(datasets: "a", datasetPolicy: .window(DatasetWindow()))
        #expect(path(endless) == ["dataset_policy.window MT1023"])
        let empty = ScheduleSpec(datasets: "a", datasetPolicy: .window(DatasetWindow(count: 0)))
        #expect(path(empty) == ["dataset_policy.window MT1023"])
    }

    @Test func problemsAreBounded() {
        let spec = ScheduleSpec(rule: .cron(Array(repeating: "bad", count: Limits.scheduleParts + 1)))
        #expect(spec.problems(seed: "").count <= Limits.diagnosticsPerFile)
        var deep: DatasetCondition = "a"
        for _ in 0...Limits.nestingDepth { deep = .any([deep]) }
        #expect(path(ScheduleSpec(datasets: deep)) == ["datasets MT1023"])
    }

    @Test(
        arguments: [
            ("0 6 * * *", .cron(["0 6 * * *"])), ("@daily", .cron(["@daily"])), ("@ONCE", .once),
            ("@continuous", .continuous), ("15m", .every(seconds: 900)), ("1h30m", .every(seconds: 5400)),
            ("15 minutes", .every(seconds: 900)), ("1 day", .every(seconds: 86_400)),
            ("2 weeks", .every(seconds: 1_209_600)), ("1 month", .everyMonths(1)), ("2 Years", .everyMonths(24)),
            ("1 quarter", .everyMonths(3)), (" 30s ", .every(seconds: 30)),
        ] as [(String, ScheduleRule)]
    )
    func rulesInOneText(text: String, rule: ScheduleRule) throws {
        #expect(try ScheduleRule(text: text) == rule)
    }

    @Test(
        arguments: [
            ("", "MT1011"), ("daily", "MT1011"), ("@dayly", "MT1011"), ("61 * * * *", "MT1011"), ("* * * *", "MT1011"),
            ("15", "MT1012"), ("0s", "MT1012"), ("500ms", "MT1012"), ("15 apples", "MT1012"), ("0 months", "MT1012"),
            ("11 years", "MT1012"), ("600 weeks", "MT1012"), ("-1 month", "MT1012"),
            ("99999999999999999999 days", "MT1012"), ("s", "MT1012"),
        ]
    )
    func otherTextsAreNoRules(text: String, code: String) {
        let error = #expect(throws: MartletError.self) { try ScheduleRule(text: text) }
        #expect(error?.code.description == code)
    }

    @Test func conditionsHold() {
        let condition: DatasetCondition = .all(["a", .any(["b", "c"])])
        #expect(condition.datasets.map(\.rawValue) == ["a", "b", "c"])
        #expect(condition.description == "a and (b or c)")
        let changed = ["a", "b", "c"].map { DatasetID(trusted: $0) }
        #expect(condition.holds(for: [changed[0], changed[2]]))
        #expect(!condition.holds(for: [changed[0]]) && !condition.holds(for: [changed[1], changed[2]]))
    }
}
