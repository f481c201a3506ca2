import ArgumentParser
import MartletCore

/// `martlet doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is installed, reachable or missing, and how to mend it.",
        discussion: "Exit codes: 0 all that Martlet needs is there, 1 something is missing."
    )

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let checks = await HealthChecks(directory: try options.directory).all()
        let missing = checks.contains { $0.state == .missing }
        if json {
            Output.result(JSONValue.object(["ok": .bool(!missing), "checks": .array(checks.map(\.json))]).jsonText)
        } else {
            Output.result(lines(checks).joined(separator: "\n"))
        }
        if missing { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    private func lines(_ checks: [HealthCheck]) -> [String] {
        let style = Style.standardOutput
        var table = TextTable([.left, .left, .left])
        for check in checks {
            let (glyph, paint): (String, (String) -> String) =
                switch check.state {
                case .ok: ("✓", { style.good($0) })
                case .warning: ("!", { style.warn($0) })
                case .missing: ("✕", { style.bad($0) })
                }
            table.add([
                TextTable.Cell(text: glyph, paint: paint), TextTable.Cell(text: check.name),
                TextTable.Cell(text: check.detail),
            ])
        }
        let remedies = checks.compactMap { check in check.remedy.map { "  \(check.name): \($0)" } }
        return table.lines() + (remedies.isEmpty ? [] : ["", "to mend it:"] + remedies)
    }
}
