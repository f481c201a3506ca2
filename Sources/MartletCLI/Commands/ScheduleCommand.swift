import ArgumentParser
import MartletCore
import MartletRuntime
import MartletScheduling

/// `martlet schedule`.
struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "See when a schedule starts runs.",
        subcommands: [ScheduleNextCommand.self]
    )
}

/// `martlet schedule next`.
struct ScheduleNextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "next",
        abstract: "List the next times of a cron expression or a period.",
        discussion: """
            EXPR is a cron expression in quotes, a preset (@daily), or a period (15m).

              martlet schedule next "30 2 * * *" --timezone America/New_York
              martlet schedule next 15m --after 2026-01-01T00:00:00Z --count 4 --json

            An instant without Z or an offset is a time of the zone. A period is counted
            from --after. Where the clocks are set, times are Airflow's, unless --gap or
            --fold says otherwise.
            """
    )

    @Argument(help: ArgumentHelp("A cron expression, a preset or a period.", valueName: "expr"))
    var expression: String

    @Option(help: ArgumentHelp("IANA time zone of the schedule.", valueName: "zone"))
    var timezone = "UTC"

    @Option(help: ArgumentHelp("Only times after this instant; now when not given.", valueName: "instant"))
    var after: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("How many times.", valueName: "count"))
    var count = 5

    @Flag(help: "Runs for the time between two ticks, each starting at the second.")
    var intervals = false

    @Option(help: ArgumentHelp("Times that the clocks skip: shift, skip or first-after.", valueName: "policy"))
    var gap: String?

    @Option(help: ArgumentHelp("Times that the clocks show twice: first, second or both.", valueName: "policy"))
    var fold: String?

    @Option(help: ArgumentHelp("The pipeline, whose name H and R depend on.", valueName: "name"))
    var pipeline = ""

    @Flag(help: "Print a JSON array.")
    var json = false

    func run() throws {
        let zone = try Zone(timezone)
        let after = try after.map { try Timestamp(text: $0, in: zone) } ?? SystemTime().now
        guard (1...Limits.listedTicks).contains(count) else {
            throw MartletError(
                .commandLineInvalid,
                "--count is \(count)",
                remedy: "use 1 to \(Limits.listedTicks)"
            )
        }
        let spec = try spec()
        let timetable = try Timetable(spec, seed: pipeline)
        let ticks = timetable.nextTicks(after: after, count: count)
        if ticks.isEmpty { throw nothing(spec, after) }
        if json {
            Output.result(JSONValue.array(ticks.map(\.json)).jsonText)
        } else {
            Output.result(table(ticks, zone).joined(separator: "\n"))
        }
        for warning in spec.rule?.warnings(seed: pipeline) ?? [] {
            Output.talk("\(Style.standardError.warn("note")) \(warning)")
        }
    }

    private func spec() throws(MartletError) -> ScheduleSpec {
        var spec = ScheduleSpec(rule: try ScheduleRule(text: expression), timezone: timezone, dataIntervals: intervals)
        let gap: DaylightPolicy.Gap? = try choice(gap, "--gap")
        let fold: DaylightPolicy.Fold? = try choice(fold, "--fold")
        if gap != nil || fold != nil { spec.daylight = DaylightPolicy(gap: gap, fold: fold) }
        return spec
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String?,
        _ option: String
    ) throws(MartletError) -> Choice? where Choice.RawValue == String {
        guard let text else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let all = Choice.allCases.map(\.rawValue)
        throw MartletError(
            .commandLineInvalid,
            "\(option) cannot be \"\(text)\"",
            remedy: NearestName.of(text, among: all).map { "did you mean \($0)?" }
                ?? "use \(all.joined(separator: ", "))"
        )
    }

    private func nothing(_ spec: ScheduleSpec, _ after: Timestamp) -> MartletError {
        switch spec.rule {
        case .continuous:
            MartletError(
                .scheduleExhausted,
                "\(expression) has no times",
                reason: "each run starts when the last one has ended"
            )
        default:
            MartletError(
                .scheduleExhausted,
                "\"\(expression)\" has no time after \(after)",
                reason: "none was found in \(Limits.scheduleSearchYears) years",
                remedy: "look at its year and day fields, or at an earlier --after"
            )
        }
    }

    private func table(_ ticks: [ScheduledTick], _ zone: Zone) -> [String] {
        let style = Style.standardOutput
        let head = ["local (\(zone.name))", "", "UTC", intervals ? "for the time from" : ""]
        var table = TextTable(
            [.left, .left, .left, .left],
            header: head.map { TextTable.Cell(text: $0, paint: { style.faint($0) }) }
        )
        for tick in ticks {
            table.add([
                TextTable.Cell(text: zone.local(tick.runAfter).description),
                TextTable.Cell(text: zone.offsetText(at: tick.runAfter), paint: { style.faint($0) }),
                TextTable.Cell(text: tick.runAfter.description),
                TextTable.Cell(text: intervals ? tick.dataIntervalStart.description : ""),
            ])
        }
        return table.lines(indent: "")
    }
}

extension ScheduledTick {
    /// The start as machines see it.
    fileprivate var json: JSONValue {
        .object([
            "run_after": .string(runAfter.description),
            "data_interval_start": .string(dataIntervalStart.description),
            "data_interval_end": .string(dataIntervalEnd.description),
        ])
    }
}
