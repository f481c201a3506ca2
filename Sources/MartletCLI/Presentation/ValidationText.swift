import MartletCore
import MartletQuality

/// Validation results as people read them.
struct ValidationText {
    let style: Style
    /// Most values shown of each expectation that is not met.
    let samples: Int

    private static let shownCharacters = 60

    func lines(_ result: ValidationResult, _ document: JSONValue, seconds: Double) -> [String] {
        var table = TextTable([.left, .left, .left, .left])
        var written: [JSONValue] = []
        if case .array(let results)? = document["results"] { written = results }
        for (index, outcome) in result.outcomes.enumerated() {
            let expectation = result.suite.expectations[index]
            let told = index < written.count ? written[index]["result"] ?? .null : .null
            table.add([
                TextTable.Cell(text: glyph(outcome), paint: { paint(outcome, expectation.severity, $0) }),
                TextTable.Cell(text: Self.short(ExpectationProse.sentence(expectation), 100)),
                TextTable.Cell(
                    text: outcome.success || expectation.severity == .critical ? "" : expectation.severity.rawValue,
                    paint: { style.warn($0) }
                ),
                TextTable.Cell(
                    text: Self.observed(outcome, told),
                    paint: { outcome.success ? style.faint($0) : $0 }
                ),
            ])
            for line in values(told, outcome) { table.add(["", line, "", ""]) }
        }
        let failed = result.outcomes.count - result.successCount
        let word =
            failed == 0
            ? style.good("✓ \(result.suite.name): all \(result.outcomes.count) expectations are met")
            : style.bad("✕ \(result.suite.name): \(failed) of \(result.outcomes.count) expectations are not met")
        let time = "\(NumberText.short((seconds * 1000).rounded() / 1000)) s"
        let facts = [result.data.asset, "rules of \(result.semantics.rawValue)", time].joined(separator: ", ")
        return [word + style.faint("  (\(DisplayText.line(facts)))"), ""] + table.lines()
    }

    private func glyph(_ outcome: CheckOutcome) -> String {
        outcome.failure != nil ? "!" : outcome.success ? "✓" : "✕"
    }

    private func paint(_ outcome: CheckOutcome, _ severity: Severity, _ text: String) -> String {
        outcome.success ? style.good(text) : severity == .critical ? style.bad(text) : style.warn(text)
    }

    /// What was seen, as far as the written result tells it, so that masked values stay hidden.
    private static func observed(_ outcome: CheckOutcome, _ told: JSONValue) -> String {
        if let failure = outcome.failure { return short("cannot be checked: \(failure.error.message)", 120) }
        if case .integer(let count)? = told["unexpected_count"],
            told["observed_value"] == nil || told["observed_value"] == .null
        {
            guard case .integer(let elements)? = told["element_count"] else {
                return "\(NumberText.grouped(count)) unexpected"
            }
            if count == 0 { return "\(NumberText.grouped(elements)) rows" }
            let share = told["unexpected_percent"]?.doubleValue.map { " (\(NumberText.short($0)) %)" } ?? ""
            return "\(NumberText.grouped(count)) of \(NumberText.grouped(elements)) rows\(share)"
        }
        guard let value = told["observed_value"] else { return "" }
        if let name = told["non_finite"]?["observed_value"]?.stringValue { return name }
        return short(words(value), shownCharacters)
    }

    private func values(_ told: JSONValue, _ outcome: CheckOutcome) -> [String] {
        guard samples > 0, !outcome.success, case .array(let values)? = told["partial_unexpected_list"] else {
            return []
        }
        return values.prefix(samples).map { style.faint("    \(Self.short(Self.words($0), Self.shownCharacters))") }
    }

    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .integer(let value): NumberText.grouped(value)
        case .number(let value): NumberText.short(value)
        case .string(let text): text
        default: ExactJSON.line(value)
        }
    }

    private static func short(_ text: String, _ most: Int) -> String {
        let line = DisplayText.line(text)
        return line.count > most ? "\(line.prefix(most - 1))…" : line
    }
}
