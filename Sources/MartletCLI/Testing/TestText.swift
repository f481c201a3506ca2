import MartletCore

/// The results of tests as people read them: a line for each, and below it what went wrong.
struct TestText {
    let style: Style

    /// The line of a suite.
    func heading(_ suite: String) -> String { style.bold(suite) }

    /// The lines of a test.
    func lines(_ test: TestResult) -> String {
        var lines = ["  \(mark(test)) \(DisplayText.line(test.name))\(suffix(test))"]
        let listing = ErrorListing(sources: test.sources, style: style.listing)
        for error in test.outcome.errors { lines.append(indented(listing.text(error))) }
        for warning in test.warnings { lines.append(indented(asWarning(listing.text(warning), warning))) }
        if case .skipped(let reason) = test.outcome { lines.append(indented(style.faint(DisplayText.lines(reason)))) }
        if let run = test.run, run.isKept {
            lines.append(indented(style.faint("run    \(DisplayText.line(run.folder))")))
        }
        return lines.joined(separator: "\n")
    }

    /// The last line: how many passed, failed and were skipped, and how long it took.
    func summary(_ report: TestReport) -> String {
        let tests = report.tests
        func count(_ word: String) -> Int { tests.count { $0.outcome.word == word } }
        var parts = [style.good("\(count("passed")) passed")]
        if count("failed") > 0 { parts.append(style.bad("\(count("failed")) failed")) }
        if count("broken") > 0 { parts.append(style.bad("\(count("broken")) broken")) }
        if count("skipped") > 0 { parts.append("\(count("skipped")) skipped") }
        let warnings = tests.reduce(0) { $0 + $1.warnings.count }
        if warnings > 0 { parts.append(style.warn("\(warnings) warning\(warnings == 1 ? "" : "s")")) }
        let noun = tests.count == 1 ? "1 test" : "\(tests.count) tests"
        return "\(noun): \(parts.joined(separator: ", ")) in \(Duration.seconds(report.seconds).shortText)"
    }

    private func mark(_ test: TestResult) -> String {
        switch test.outcome {
        case .passed: test.warnings.isEmpty ? style.good("✓") : style.warn("!")
        case .failed, .broken: style.bad("✕")
        case .skipped: style.faint("–")
        }
    }

    private func suffix(_ test: TestResult) -> String {
        test.run == nil ? "" : "  " + style.faint(Duration.seconds(test.seconds).shortText)
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }
            .joined(separator: "\n")
    }

    private func asWarning(_ text: String, _ warning: MartletError) -> String {
        text.replacing(style.bad("error \(warning.code):"), with: style.warn("warning \(warning.code):"))
    }
}
