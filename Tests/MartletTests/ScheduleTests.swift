import MartletCore
import Testing

@testable import Martlet

@Suite struct ScheduleTests {
    private func problems(_ schedule: ScheduleSpec) -> [ErrorCode] {
        Pipeline("p", schedule: schedule) { p in p.command("x", "true") }.problems.map(\.error.code)
    }

    @Test func schedulesReadAsTheyAreMeant() {
        #expect(ScheduleSpec.cron("@daily", timezone: "UTC") == ScheduleSpec(cron: "@daily", timezone: "UTC"))
        #expect(ScheduleSpec.cron("0 6 * * *", "0 18 * * *").rule == .cron(["0 6 * * *", "0 18 * * *"]))
        #expect(ScheduleSpec.every(.seconds(90)).rule == .every(seconds: 90))
        #expect(ScheduleSpec.every(months: 1).rule == .everyMonths(1))
        #expect(ScheduleSpec.at(Timestamp(microseconds: 0)).rule == .instants([Timestamp(microseconds: 0)]))
        #expect(ScheduleSpec.datasets(.any(["a/b", "c"]), policy: .each).datasets?.datasets.count == 2)
        let spec = ScheduleSpec.cron("@daily", timezone: "Europe/Berlin")
            .starting(LocalDay(year: 2026, month: 1, day: 1)).ending(LocalDay(year: 2026, month: 7, day: 1))
            .skipping(holidays: [LocalDay(year: 2026, month: 1, day: 6)]).changing { $0.dataIntervals = true }
        #expect(spec.start == Timestamp(rfc3339: "2025-12-31T23:00:00Z"))
        #expect(spec.end == Timestamp(rfc3339: "2026-06-30T22:00:00Z"))
        #expect(spec.calendar?.skipsWeekends == true && spec.dataIntervals)
        #expect(problems(spec).isEmpty)
    }

    @Test func mistakesAreProblemsOfThePipeline() {
        #expect(problems(.cron("61 * * * *")) == [.cronInvalid])
        #expect(problems(.cron("@daily", timezone: "Here").starting(LocalDay(number: 1))) == [.timeZoneUnknown])
        #expect(problems(.every(.zero)) == [.scheduleInvalid])
        #expect(problems(.datasets("no spaces")) == [.nameInvalid])
        #expect(problems(.once).isEmpty && problems(.continuous).isEmpty)
    }
}
