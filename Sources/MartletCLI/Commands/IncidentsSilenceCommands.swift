import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet incidents silence`.
struct IncidentsSilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence",
        abstract: "Tell nobody of some incidents for a while; they are recorded all the same.",
        discussion: """
            Labels are pipeline, dataset, check, severity, partition and incident; * stands
            for anything, and != for all others. All of them have to fit.

              martlet incidents silence dataset=flights/* --for 2h --reason "moving house"
              martlet incidents silence pipeline=etl severity!=critical --for 1d --reason "new source"
            """
    )

    @Argument(help: ArgumentHelp("Which incidents.", valueName: "label=value"))
    var matchers: [String]

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, as in 30m, 2h or 1d.", valueName: "duration"))
    var duration: String

    @Option(help: ArgumentHelp("Why, for whoever wonders later.", valueName: "text"))
    var reason: String

    @Option(help: ArgumentHelp("Who does it; the user's name when not given.", valueName: "name"))
    var by: String?

    @Flag(help: "Print the silence as one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let matchers = try matchers.map { text throws(MartletError) in try IncidentMatcher(text) }
        let length = try DurationArgument.read(duration, "--for")
        try await options.withIncidents { open in
            let silence = try await open.service.silence(
                matchers,
                until: SystemTime().now + length,
                by: by ?? open.workspace.userName,
                reason: reason
            )
            await open.tell()
            if json { return Output.result(IncidentReport.json(silence).jsonText) }
            Output.result("silence \(silence.id)  until \(ClockText.utc(silence.expiresAt))")
        }
    }
}

/// `martlet incidents unsilence`.
struct IncidentsUnsilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsilence",
        abstract: "End a silence before its time."
    )

    @Argument(help: "The silence's number.")
    var silence: Int

    @Flag(help: "Print the silence as one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        try await options.withIncidents { open in
            let ended = try await open.service.unsilence(silence)
            await open.tell()
            if json { return Output.result(IncidentReport.json(ended).jsonText) }
            Output.result("silence \(ended.id)  ended")
        }
    }
}

/// `martlet incidents silences`.
struct IncidentsSilencesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silences",
        abstract: "List the silences that are in force."
    )

    @Flag(help: "Also those that have ended.")
    var all = false

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let now = SystemTime().now
        let silences = try await options.withIncidents { open in
            try await open.store.silences(endingAfter: all ? nil : now)
        }
        if json { return Output.result(JSONValue.array(silences.map(IncidentReport.json)).jsonText) }
        if silences.isEmpty { return Output.talk("no silences") }
        Output.result(IncidentText(style: .standardOutput, now: now).table(silences).joined(separator: "\n"))
    }
}
