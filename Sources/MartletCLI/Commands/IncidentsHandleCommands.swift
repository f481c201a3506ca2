import ArgumentParser
import MartletCore
import MartletQuality
import MartletRuntime

/// What every command does that changes an incident.
struct IncidentHandling: ParsableArguments {
    @Argument(help: IncidentArgument.help)
    var incident: String

    @Option(help: ArgumentHelp("Who does it; the user's name when not given.", valueName: "name"))
    var by: String?

    @Option(help: ArgumentHelp("What to write into its timeline.", valueName: "text"))
    var note: String?

    @Flag(help: "Print the incident as one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    /// Does what `command` says, and tells people of it.
    func handle(
        _ word: String,
        _ command: (_ by: String, _ note: String?) throws -> IncidentCommand
    ) async throws {
        try await options.withIncidents { open in
            let found = try await IncidentArgument.resolve(incident, in: open.store)
            let changed = try await open.service.operate(
                command(by ?? open.workspace.userName, note),
                on: found.id
            )
            await open.tell()
            if json { return Output.result(IncidentReport.json(changed).jsonText) }
            Output.result("\(changed.id)  \(word)  \(DisplayText.line("\(changed.dataset): \(changed.latest.title)"))")
        }
    }
}

/// `martlet incidents ack`.
struct IncidentsAckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Say that you look after an incident: reminders and escalation end.",
        discussion: "  martlet incidents ack latest --note \"asking the airline\""
    )

    @Flag(help: "Give it back: nobody looks after it any more.")
    var undo = false

    @OptionGroup var handling: IncidentHandling

    func run() async throws {
        try await handling.handle(undo ? "firing" : "acknowledged") { by, note in
            undo ? .unacknowledge(by: by, note: note) : .acknowledge(by: by, note: note)
        }
    }
}

/// `martlet incidents resolve`.
struct IncidentsResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say that an incident is over; a check that passes does so by itself.",
        discussion: "The next failure of its check is another incident, unless it comes within the cooldown."
    )

    @OptionGroup var handling: IncidentHandling

    func run() async throws { try await handling.handle("resolved") { .resolve(by: $0, note: $1) } }
}

/// `martlet incidents snooze`.
struct IncidentsSnoozeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snooze",
        abstract: "Hear nothing of an incident for a while; then you are reminded.",
        discussion: "  martlet incidents snooze latest --for 1h"
    )

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, as in 30m or 2h.", valueName: "duration"))
    var duration = "1h"

    @OptionGroup var handling: IncidentHandling

    func run() async throws {
        let until = SystemTime().now + (try DurationArgument.read(duration, "--for"))
        try await handling.handle("snoozed until \(ClockText.utc(until))") { .snooze(until: until, by: $0, note: $1) }
    }
}

/// `martlet incidents label`.
struct IncidentsLabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Say what an incident was: true-positive or false-positive.",
        discussion: """
            What many incidents of a check were tells whether it is worth its noise.

              martlet incidents label latest --as false-positive --note "a holiday"
            """
    )

    @Option(name: .customLong("as"), help: ArgumentHelp("true-positive or false-positive.", valueName: "label"))
    var label: String

    @OptionGroup var handling: IncidentHandling

    func run() async throws {
        let word = label.replacing("-", with: "_")
        guard let known = IncidentLabel(rawValue: word) ?? IncidentLabel(rawValue: "\(word)_positive") else {
            let names = ["true-positive", "false-positive"]
            throw MartletError(
                .commandLineInvalid,
                "\"\(label)\" is not a label of incidents",
                remedy: NearestName.of(label, among: names).map { "did you mean \($0)?" }
                    ?? "use true-positive or false-positive"
            )
        }
        try await handling.handle(label) { .label(known, by: $0, note: $1) }
    }
}

/// `martlet incidents note`.
struct IncidentsNoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Write down what you did or found; later notifications tell it.",
        discussion: "  martlet incidents note latest --note \"the source sent the file twice\""
    )

    @OptionGroup var handling: IncidentHandling

    func run() async throws {
        try await handling.handle("noted") { by, note in
            guard let note, !note.isEmpty else {
                throw MartletError(.commandLineInvalid, "there is nothing to write down", remedy: "give --note TEXT")
            }
            return .note(note, by: by)
        }
    }
}
