import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet incidents`.
struct IncidentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents",
        abstract: "See and handle failures of data: list, acknowledge, silence, resolve.",
        discussion: """
            An incident begins when a check of a dataset fails, and is over when it passes
            again. Repeated failures of one check are one incident. Who is told stands
            under incidents: and notifiers: in martlet.yaml.

              martlet incidents                              what is wrong now
              martlet incidents show latest
              martlet incidents ack latest --note "reloading the partition"
              martlet incidents silence dataset=flights/* --for 2h --reason "moving house"
              martlet incidents resolve i3f9a2b77c1d0-2 --note "fixed at the source"
            """,
        subcommands: [
            IncidentsListCommand.self, IncidentsShowCommand.self, IncidentsAckCommand.self,
            IncidentsSilenceCommand.self, IncidentsUnsilenceCommand.self, IncidentsSilencesCommand.self,
            IncidentsResolveCommand.self, IncidentsSnoozeCommand.self, IncidentsLabelCommand.self,
            IncidentsNoteCommand.self, IncidentsDeliveriesCommand.self,
        ],
        defaultSubcommand: IncidentsListCommand.self
    )
}

/// The incidents of a project, open for one command.
struct OpenIncidents {
    let workspace: Workspace
    let store: any StateStore
    let service: IncidentService

    /// Lets people hear of what was done; a receiver that does not answer holds nobody up for long.
    func tell() async {
        await service.flush { Output.talk("incidents: \($0.message)") }
    }
}

extension ProjectOptions {
    /// Opens the project's incidents for `body`, and closes them after it.
    func withIncidents<Value>(_ body: (OpenIncidents) async throws -> Value) async throws -> Value {
        let workspace = try workspace()
        let store = try workspace.openStore()
        do {
            let incidents = OpenIncidents(
                workspace: workspace,
                store: store,
                service: workspace.incidents(store: store)
            )
            let value = try await body(incidents)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }
}

/// Finds the incident that a user means.
enum IncidentArgument {
    static let help = ArgumentHelp("An incident's id, the beginning of one, or latest.", valueName: "incident")

    /// - Throws: ``MartletError`` MT5050 when none or more than one fits.
    static func resolve(_ text: String, in store: any IncidentStore) async throws(MartletError) -> Incident {
        if text == "latest" {
            if let latest = try await store.incidents(IncidentFilter(limit: 1)).first { return latest }
            throw MartletError(.incidentUnknown, "there are no incidents", remedy: "nothing to do")
        }
        if let exact = try await store.incident(text) { return exact }
        let all = try await store.incidents(IncidentFilter(limit: 10_000))
        let found = all.filter { $0.id.hasPrefix(text) }
        if found.count == 1 { return found[0] }
        let nearest = NearestName.of(text, among: all.prefix(1_000).map(\.id)).map { "did you mean \($0)?" }
        throw MartletError(
            .incidentUnknown,
            found.isEmpty ? "there is no incident \"\(text)\"" : "more than one incident fits \"\(text)\"",
            reason: found.isEmpty ? nil : "\(found.prefix(5).map(\.id).joined(separator: ", ")) do",
            remedy: nearest ?? "list them with `martlet incidents list --all`"
        )
    }
}

/// How long something lasts, as users write it.
enum DurationArgument {
    /// - Throws: ``MartletError`` MT1019 for a text that is no duration, or none that is longer than nothing.
    static func read(_ text: String, _ option: String) throws(MartletError) -> Duration {
        let reason: String
        do throws(InvalidDuration) {
            let duration = try Duration(text: text)
            if duration > .zero { return duration }
            reason = "it is no time at all"
        } catch {
            reason = error.description
        }
        throw MartletError(
            .commandLineInvalid,
            "\(option) is \"\(text)\"",
            reason: reason,
            remedy: "write a duration such as 30m, 2h or 1d"
        )
    }
}
