import MartletCore

/// The results of tests as JUnit's XML, which CI systems read.
///
/// The form is that of Jenkins' `junit-10.xsd`: `testsuites`, `testsuite` with its counts, `testcase` with at most one
/// of `skipped`, `error` and `failure`, then `system-out`. A pipeline that is not as it should be is a failure; a test
/// that is wrong itself is an error.
struct JUnitReport {
    let report: TestReport
    /// The name of this machine.
    let host: String

    /// The whole document.
    var xml: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        let tests = report.tests
        let all = [
            ("name", "martlet test"), ("tests", "\(tests.count)"), ("failures", count(tests, "failed")),
            ("errors", count(tests, "broken")), ("time", time(report.seconds)),
        ]
        lines.append("<testsuites\(attributes(all))>")
        for (index, suite) in report.suites.enumerated() { lines += self.lines(suite, index) }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(_ suite: TestSuite, _ index: Int) -> [String] {
        let own = [
            ("name", suite.name), ("id", "\(index)"), ("tests", "\(suite.tests.count)"),
            ("failures", count(suite.tests, "failed")), ("errors", count(suite.tests, "broken")),
            ("skipped", count(suite.tests, "skipped")), ("time", time(suite.seconds)),
            // Without fraction and zone, as the schema has it; it is UTC.
            ("timestamp", String(report.startedAt.description.prefix(19))), ("hostname", host),
        ]
        return ["  <testsuite\(attributes(own))>"] + suite.tests.flatMap { lines($0, suite) } + ["  </testsuite>"]
    }

    private func lines(_ test: TestResult, _ suite: TestSuite) -> [String] {
        // No `file`: the schema has no such attribute; where a failure is stands in its text.
        let own = attributes([("name", test.name), ("classname", suite.name), ("time", time(test.seconds))])
        var body: [String] = []
        switch test.outcome {
        case .passed: break
        case .failed(let errors): body.append(element("failure", errors, test))
        case .broken(let errors): body.append(element("error", errors, test))
        case .skipped(let reason): body.append("      <skipped\(attributes([("message", reason)]))/>")
        }
        let told = output(of: test)
        if !told.isEmpty { body.append("      <system-out>\(XMLText.escaped(told))</system-out>") }
        if body.isEmpty { return ["    <testcase\(own)/>"] }
        return ["    <testcase\(own)>"] + body + ["    </testcase>"]
    }

    private func element(_ name: String, _ errors: [MartletError], _ test: TestResult) -> String {
        let message = errors.map(\.message).first ?? "it failed"
        let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
        let type = errors.first?.code.description ?? "MT1051"
        let listing = ErrorListing(sources: test.sources)
        let text = errors.map(listing.text).joined(separator: "\n")
        return
            "      <\(name)\(attributes([("message", message + more), ("type", type)]))>\(XMLText.escaped(text))</\(name)>"
    }

    private func output(of test: TestResult) -> String {
        var lines: [String] = []
        let listing = ErrorListing(sources: test.sources)
        for warning in test.warnings { lines.append(listing.text(warning).replacing("error MT", with: "warning MT")) }
        if let run = test.run {
            lines.append("run \(run.id) in \(run.folder)\(run.isKept ? "" : " (removed; --keep keeps it)")")
        }
        return lines.joined(separator: "\n")
    }

    private func count(_ tests: [TestResult], _ word: String) -> String {
        "\(tests.count { $0.outcome.word == word })"
    }

    /// Seconds with three digits after the point, in any locale.
    private func time(_ seconds: Double) -> String {
        let milliseconds = Int((max(0, seconds) * 1_000).rounded())
        let rest = "\(milliseconds % 1_000)"
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private func attributes(_ pairs: [(String, String)]) -> String {
        pairs.map { " \($0)=\"\(XMLText.attribute($1))\"" }.joined()
    }
}

/// Text made fit for XML 1.0.
enum XMLText {
    /// Text between tags.
    static func escaped(_ text: String) -> String { replacing(text) { _ in nil } }

    /// The value of an attribute in double quotes; line breaks and tabs survive the parser's normalisation.
    static func attribute(_ text: String) -> String {
        replacing(text) { scalar in
            switch scalar {
            case "\"": "&quot;"
            case "\n": "&#10;"
            case "\t": "&#9;"
            default: nil
            }
        }
    }

    private static func replacing(_ text: String, _ special: (Unicode.Scalar) -> String?) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where isAllowed(scalar) {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            // "]]>" must not stand in text.
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            // A bare carriage return would be read as a line feed.
            case "\r": result.append(contentsOf: "&#13;".unicodeScalars)
            default:
                if let other = special(scalar) {
                    result.append(contentsOf: other.unicodeScalars)
                } else {
                    result.append(scalar)
                }
            }
        }
        return String(result)
    }

    /// Whether XML 1.0 has the character (production 2, `Char`).
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
