import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet incidents list`.
struct IncidentsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List incidents, the latest failure first; those that are open, unless told otherwise.",
        discussion: """
              martlet incidents list
              martlet incidents list --all --dataset flights/raw --json
            """
    )

    @Flag(help: "Also those that are over.")
    var all = false

    @Option(help: ArgumentHelp("Only those in this state: firing, acknowledged, resolved.", valueName: "state"))
    var state: String?

    @Option(help: ArgumentHelp("Only those of this pipeline.", valueName: "name"))
    var pipeline: String?

    @Option(help: ArgumentHelp("Only those of this dataset.", valueName: "name"))
    var dataset: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Most incidents listed.", valueName: "count"))
    var limit = 50

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let filter = try filter()
        let incidents = try await options.withIncidents { try await $0.store.incidents(filter) }
        if json {
            return Output.result(JSONValue.array(incidents.map(IncidentReport.json)).jsonText)
        }
        if incidents.isEmpty {
            return Output.talk(all || state != nil ? "no such incidents" : "nothing is wrong")
        }
        let now = SystemTime().now
        Output.result(IncidentText(style: .standardOutput, now: now).table(incidents).joined(separator: "\n"))
    }

    private func filter() throws(MartletError) -> IncidentFilter {
        var states: Set<IncidentState>? = all ? nil : [.firing, .acknowledged]
        if let state {
            guard let known = IncidentState(rawValue: state), known != .ok else {
                let names = [IncidentState.firing, .acknowledged, .resolved].map(\.rawValue)
                throw MartletError(
                    .valueInvalid,
                    "\"\(state)\" is not a state of incidents",
                    remedy: NearestName.of(state, among: names).map { "did you mean \($0)?" }
                        ?? "use \(names.joined(separator: ", "))"
                )
            }
            states = [known]
        }
        return IncidentFilter(
            states: states,
            pipeline: try pipeline.map { name throws(MartletError) in try NameArgument.read(name) },
            dataset: try dataset.map { name throws(MartletError) in try NameArgument.read(name) },
            limit: max(1, limit)
        )
    }
}

/// `martlet incidents show`.
struct IncidentsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an incident: what broke, since when, what it may come from, what was done."
    )

    @Argument(help: IncidentArgument.help)
    var incident = "latest"

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        try await options.withIncidents { open in
            let incident = try await IncidentArgument.resolve(incident, in: open.store)
            let events = try await open.store.events(of: incident.id)
            if json {
                guard case .object(var fields) = IncidentReport.json(incident) else { return }
                fields["events"] = .array(events.map(IncidentReport.json))
                return Output.result(JSONValue.object(fields).jsonText)
            }
            let text = IncidentText(style: .standardOutput, now: SystemTime().now)
            Output.result(text.lines(incident, events).joined(separator: "\n"))
        }
    }
}

/// `martlet incidents deliveries`.
struct IncidentsDeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List notifications that wait to be delivered, or were given up."
    )

    @Flag(help: "Those that were given up.")
    var dead = false

    @Flag(help: "Those that receivers have taken.")
    var delivered = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Most notifications listed.", valueName: "count"))
    var limit = 50

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let state: Delivery.State = dead ? .dead : delivered ? .delivered : .pending
        let deliveries = try await options.withIncidents { open in
            try await open.store.deliveries(in: state, limit: max(1, limit))
        }
        if json {
            return Output.result(JSONValue.array(deliveries.map(IncidentReport.json)).jsonText)
        }
        if deliveries.isEmpty { return Output.talk("none") }
        let text = IncidentText(style: .standardOutput, now: SystemTime().now)
        Output.result(text.table(deliveries).joined(separator: "\n"))
    }
}
