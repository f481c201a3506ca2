import MartletCore
import MartletQuality

/// A suggested suite for people.
struct SuggestionText {
    let style: Style

    func lines(_ suggestion: SuggestedSuite) -> [String] {
        var lines = [
            style.bold(DisplayText.line(suggestion.suite.name)) + "  "
                + style.faint(
                    "\(suggestion.proposals.count) expectations; on data like this, at most"
                        + " \(rate(suggestion.falseAlarmRate)) of versions fail by chance (asked for: \(rate(suggestion.alpha)))"
                )
        ]
        var column: String? = ""
        for proposal in suggestion.proposals {
            let next = proposal.expectation.arguments["column"]?.stringValue
            if next != column {
                lines += ["", next.map { style.bold(DisplayText.line($0)) } ?? style.bold("the table")]
                column = next
            }
            lines.append("  \(what(proposal.expectation))")
            let chance = proposal.falseAlarmRate.map { $0 == 0 ? "no chance in it" : "fails by chance: \(rate($0))" }
            lines.append(
                style.faint(
                    "      \(DisplayText.line(proposal.reason)); \(chance ?? "how often it fails by chance is not known")"
                )
            )
        }
        if !suggestion.notes.isEmpty {
            lines += ["", style.faint("notes")] + suggestion.notes.map { "  " + DisplayText.line($0) }
        }
        return lines
    }

    private func what(_ expectation: Expectation) -> String {
        let type = expectation.type.replacing("expect_column_", with: "").replacing("expect_", with: "")
        let arguments = expectation.arguments.filter { $0.key != "column" }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(cut($0.value.jsonText))" }
        return ([type] + arguments).joined(separator: "  ")
    }

    private func cut(_ text: String) -> String {
        let line = DisplayText.line(text)
        return line.count <= 80 ? line : line.prefix(79) + "…"
    }

    private func rate(_ rate: Double) -> String {
        let percent = rate * 100
        return percent >= 0.01 ? "\((percent * 1000).rounded() / 1000) %" : "<0.01 %"
    }
}
