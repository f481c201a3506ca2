import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletCLI

@Suite(.tags(.machine)) struct JUnitReportTests {
    private func report(_ tests: [TestResult]) -> String {
        var report = TestReport(suites: [TestSuite(name: "flights", tests: tests)], startedAt: Timestamp(seconds: 0))
        report.seconds = 1.5
        return JUnitReport(report: report, host: "here").xml
    }

    @Test func aReportHasTheFormOfJUnit() {
        let failure = MartletError(
            .expectationFailed,
            "step a is failed, not \"success\"",
            reason: "1 < 2 & 3 > 2",
            location: SourceLocation(file: "tests/a.yaml", line: 2, column: 3)
        )
        let xml = report([
            TestResult(name: "loads", outcome: .passed),
            TestResult(
                name: "fails",
                outcome: .failed([failure]),
                seconds: 0.25,
                run: TestResult.Run(id: RunID(trusted: "r-1"), folder: "/tmp/x", isKept: false)
            ),
            TestResult(name: "wrong", outcome: .broken([MartletError(.stubInvalid, "no such step")])),
            TestResult(name: "later", outcome: .skipped("the pipeline does not load")),
            TestResult(name: "rule", outcome: .passed, warnings: [MartletError(.ruleBroken, "no owner")]),
        ])
        #expect(
            xml == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="martlet test" tests="5" failures="1" errors="1" time="1.500">
                  <testsuite name="flights" id="0" tests="5" failures="1" errors="1" skipped="1" time="0.250" \
                timestamp="1970-01-01T00:00:00" hostname="here">
                    <testcase name="loads" classname="flights" time="0.000"/>
                    <testcase name="fails" classname="flights" time="0.250">
                      <failure message="step a is failed, not &quot;success&quot;" type="MT1051">tests/a.yaml:2:3: \
                error MT1051: step a is failed, not "success"
                  why    1 &lt; 2 &amp; 3 &gt; 2</failure>
                      <system-out>run r-1 in /tmp/x (removed; --keep keeps it)</system-out>
                    </testcase>
                    <testcase name="wrong" classname="flights" time="0.000">
                      <error message="no such step" type="MT1052">error MT1052: no such step</error>
                    </testcase>
                    <testcase name="later" classname="flights" time="0.000">
                      <skipped message="the pipeline does not load"/>
                    </testcase>
                    <testcase name="rule" classname="flights" time="0.000">
                      <system-out>warning MT1050: no owner</system-out>
                    </testcase>
                  </testsuite>
                </testsuites>

                """
        )
    }

    @Test func textIsMadeFitForXML() {
        #expect(XMLText.escaped("a\u{0}\u{1b}[31m<&>]]>\r\n\t\u{FFFE}é😀") == "a[31m&lt;&amp;&gt;]]&gt;&#13;\n\té😀")
        #expect(XMLText.attribute("a\"b\n\tc'") == "a&quot;b&#10;&#9;c'")
    }

    /// Whatever names and errors hold, the schema is kept; Python's parser reads it and checks it.
    @Test(arguments: 0..<4) func anyReportKeepsTheSchema(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func text() -> String { generator.nastyText() }
        var suites: [TestSuite] = []
        for _ in 0..<4 {
            var suite = TestSuite(name: text())
            for kind in 0..<6 {
                let errors = [
                    MartletError(.expectationFailed, text(), reason: text()), MartletError(.ruleBroken, text()),
                ]
                var test = TestResult(name: text(), outcome: .passed, seconds: Double(kind) * 1.0005)
                if kind == 1 { test.outcome = .failed(errors) }
                if kind == 2 { test.outcome = .broken(errors) }
                if kind == 3 { test.outcome = .skipped(text()) }
                if kind > 3 { test.warnings = errors }
                if kind % 2 == 1 { test.run = .init(id: RunID(trusted: text()), folder: text(), isKept: kind == 5) }
                suite.tests.append(test)
            }
            suites.append(suite)
        }
        let report = TestReport(suites: suites, startedAt: Timestamp(seconds: 1_760_000_000))
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("junit-\(UUID().uuidString).xml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(JUnitReport(report: report, host: "here").xml.utf8).write(to: file)
        #expect(try JUnitSchema.complaints(about: file.path) == "")
    }
}

extension SeededGenerator {
    /// Text with what XML, terminals and parsers trip over.
    fileprivate mutating func nastyText() -> String {
        let parts = [
            "<", ">", "&", "\"", "'", "]]>", "<![CDATA[", "\u{0}", "\u{1b}", "\u{8}", "\n", "\r", "\t", "é", "😀",
            "\u{FFFF}",
            "\u{FFFE}", "\u{85}", "\u{2028}", "a", "&amp;", "<!--", "-->", "<?", "\u{202E}", " ",
        ]
        return (0..<Int.random(in: 1...12, using: &self)).map { _ in
            parts[Int.random(in: 0..<parts.count, using: &self)]
        }
        .joined()
    }
}
