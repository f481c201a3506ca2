import MartletCore

/// A verdict as the log of an attempt and the picture of a run show it.
struct CheckVerdictText {
    let verdict: CheckVerdict
    let style: Style

    init(_ verdict: CheckVerdict, style: Style = .none) {
        self.verdict = verdict
        self.style = style
    }

    /// One line with the whole, then one for each expectation that was not met.
    var lines: [String] { [summary] + verdict.failures.map(line) }

    /// `29 of 30 expectations met; 12 of 1,000 rows put aside`.
    var summary: String {
        var text = "\(verdict.suite): \(verdict.successful) of \(verdict.evaluated) expectations met"
        if let quarantine = verdict.quarantine {
            text += "; \(quarantine.bad) of \(quarantine.total) rows put aside"
        }
        return text
    }

    private func line(_ failure: CheckVerdict.Failure) -> String {
        "  \(failure.severity.rawValue): \(DisplayText.line(failure.expected)): \(DisplayText.line(failure.observed))"
    }
}
