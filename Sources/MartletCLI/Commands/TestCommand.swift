import ArgumentParser
import Foundation
import MartletCore
import MartletRuntime

/// `martlet test`.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Test pipelines: that they load, keep the project's rules, and do what is expected.",
        discussion: """
            Without PIPELINE, all pipelines of the project are tested. Rules stand in
            tests/policy.yaml; what a pipeline does with fixture data and stubbed steps
            stands in the other files of tests/. Nothing is written to the project's
            .martlet folder but virtual environments.

              martlet test
              martlet test flight_delays --filter "a good model*"
              martlet test --junit .build/junit.xml

            Exit codes: 0 all passed, 1 one failed, 2 a file of tests is wrong, or there is
            nothing to test.
            """
    )

    @Argument(help: "Pipelines: names, YAML files, JSON manifests or Swift programs.")
    var pipelines: [String] = []

    @Option(help: ArgumentHelp("Write a report for CI, as JUnit's XML.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Only tests with this in their name; * and ? make a pattern of it.", valueName: "name"))
    var filter: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Most tests at once.", valueName: "count"))
    var jobs: Int?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Keep the folders of the runs.")
    var keep = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let directory = try options.directory
        let limit = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        if !(1...Limits.testsAtOnce).contains(limit), jobs != nil {
            throw MartletError(.commandLineInvalid, "--jobs is \(limit)", remedy: "use 1 to \(Limits.testsAtOnce)")
        }
        let tests = try ProjectTests(pipelines, workspace: Workspace(containing: directory), directory: directory)
        let runs = ActiveRuns()
        let scratch = NSTemporaryDirectory() + "martlet-test-\(RandomIDs().suffix())"
        let planned = TestSession.plan(tests, filter: TestFilter(filter), scratch: scratch, isKept: keep, runs: runs)
        if planned.isEmpty { throw nothing(directory) }
        let report = await report(planned, limit: limit, runs)
        if !keep { try? FileManager.default.removeItem(atPath: scratch) }
        if let junit { try write(report, to: junit) }
        if json {
            Output.result(TestJSON.value(report).jsonText)
        } else {
            Output.result("\n" + TestText(style: .standardOutput).summary(report))
        }
        // Tests that were not run have not passed.
        if runs.stopReason != nil { throw CommandFailure.silent(max(report.status, ExitStatus.workFailed)) }
        if report.status != ExitStatus.done { throw CommandFailure.silent(report.status) }
    }

    private func report(_ planned: [TestSession.Planned], limit: Int, _ runs: ActiveRuns) async -> TestReport {
        let signals = SignalWatch { runs.stop(reason: $0) }
        defer { withExtendedLifetime(signals) {} }
        let (began, startedAt) = (ContinuousClock.now, SystemTime().now)
        let text = TestText(style: .standardOutput)
        let isSilent = json
        var suite: String?
        let session = TestSession(limit: min(limit, Limits.testsAtOnce)) { name, result in
            if isSilent { return }
            if suite != name { Output.result((suite == nil ? "" : "\n") + text.heading(name)) }
            suite = name
            Output.result(text.lines(result))
        }
        let suites = await session.run(planned)
        return TestReport(suites: suites, startedAt: startedAt, seconds: (ContinuousClock.now - began).seconds)
    }

    private func nothing(_ directory: String) -> MartletError {
        if let filter {
            return MartletError(
                .nothingToTest,
                "no test has \"\(filter)\" in its name",
                remedy: "see the names with `martlet test`"
            )
        }
        return MartletError(
            .nothingToTest,
            "there are no pipelines in \(directory)",
            remedy: "name a file, or start a project with `martlet init`"
        )
    }

    private func write(_ report: TestReport, to file: String) throws {
        let path = try CurrentFolder.resolve(file)
        try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
        try FileSystem.write(Array(JUnitReport(report: report, host: Workspace.hostName).xml.utf8), to: path)
    }
}
