import Foundation
import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@testable import MartletCLI

/// Each file in `Tests/Scenarios/testing` is read, as rules when its name says so; what comes of it is in the
/// `.expected` file beside it.
///
/// `MARTLET_UPDATE_GOLDENS=1` writes those files anew.
@Suite struct TestFileTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Scenarios/testing").path

    private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    @Test(arguments: names) func readingGivesWhatIsExpected(name: String) throws {
        let text = Self.outcome(of: name) + "\n"
        let golden = "\(Self.folder)/\(name).expected"
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDENS"] == "1" {
            try text.write(toFile: golden, atomically: true, encoding: .utf8)
            return
        }
        #expect(text == (try String(contentsOfFile: golden, encoding: .utf8)))
    }

    @Test func thereAreFiles() { #expect(Self.names.count > 5) }

    private static func outcome(of name: String) -> String {
        do {
            let source = try TextFile.read("\(folder)/\(name)", shownAs: name)
            if name.hasPrefix("policy") {
                return try PolicyFile.read(source).rules.map(describe).joined(separator: "\n")
            }
            let file = try TestFileReader.read(source, project: "/project")
            return (["pipeline \(file.pipeline.value)"] + file.tests.map(describe)).joined(separator: "\n")
        } catch let failure as PipelineLoadFailure {
            return ErrorListing.text(failure)
        } catch {
            return "\(error)"
        }
    }

    private static func describe(_ rule: PipelineRule) -> String {
        var words = [rule.severity.rawValue, rule.name, "\(rule.demand)"]
        if !rule.exceptions.isEmpty { words.append("\(rule.exceptions.count) exceptions") }
        if !rule.exceptedKinds.isEmpty { words.append("not \(rule.exceptedKinds.sorted().joined(separator: ", "))") }
        return words.joined(separator: "  ")
    }

    private static func describe(_ test: SpecifiedTest) -> String {
        let setup = test.setup
        var lines = ["test \(test.name), line \(test.position.line), \(test.timeout.shortText)"]
        lines += setup.params.sorted { $0.key < $1.key }.map { "  param \($0) = \($1.jsonText)" }
        if let date = setup.occasion.logicalDate { lines.append("  logical date \(date)") }
        if let start = setup.occasion.intervalStart { lines.append("  interval from \(start)") }
        lines += setup.fixtures.sorted { $0.key < $1.key }.map { "  fixture \($0) = \($1)" }
        for (instance, stub) in setup.stubs.sorted(by: { $0.key < $1.key }) {
            lines.append("  stub \(instance): \(stub.failures) failures, then \(stub.ending)")
            lines += stub.values.sorted { $0.key < $1.key }.map { "    value \($0) = \($1.jsonText)" }
            lines += stub.outputs.sorted { $0.key < $1.key }.map { "    output \($0) = \($1)" }
            if let command = stub.command { lines.append("    command \(command)") }
            if let follow = stub.follow { lines.append("    follow \(follow)") }
            if let answer = stub.answer { lines.append("    answer \(answer)") }
        }
        lines += setup.variables.sorted { $0.key < $1.key }.map { "  variable \($0) = \($1.jsonText)" }
        lines += setup.connections.keys.sorted().map { "  connection \($0)" }
        switch test.kind {
        case .run(let expectation):
            lines.append("  expects \(expectation.state.value.rawValue)")
            for step in expectation.steps {
                let expected = step.value.expected
                lines.append(
                    "  step \(step.value.instance): \(expected.state.map { $0.value.rawValue } ?? "any state"), "
                        + "\(expected.values.count) values, line \(step.position.line)"
                )
            }
            if !expectation.order.isEmpty { lines.append("  order \(expectation.order.map(\.value))") }
            for dataset in expectation.datasets { lines.append("  dataset \(dataset.value.dataset)") }
        case .render(let steps, let item):
            lines += steps.map { "  renders \($0.value.step) as \($0.value.expected.jsonText)" }
            if let item { lines.append("  item \(item.jsonText)") }
        }
        return lines.joined(separator: "\n")
    }
}
