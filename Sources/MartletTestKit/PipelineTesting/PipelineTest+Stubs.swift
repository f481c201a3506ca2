import Foundation
public import MartletCore
import MartletScheduling

extension PipelineTest {
    /// What an output of a stubbed step, or a dataset, holds in a test.
    public enum Content: Sendable {
        /// A file or folder; relative to the project's folder. Its extension tells the format.
        case file(String)
        /// A file with this text.
        case text(String, DatasetFormat? = nil)
        /// A table with these rows: CSV, or JSON lines where the pipeline says so.
        case rows([[String: JSONValue]])
    }

    /// The same test with a step that succeeds without being run.
    ///
    /// - Parameters:
    ///   - step: the step; `train[2]` is one instance of a mapped step.
    ///   - values: the values it reports.
    ///   - metrics: the numbers it reports.
    ///   - outputs: what it has written, by the names of its outputs; fixtures of its datasets do as well.
    ///   - failures: how many attempts fail before.
    /// - Returns: the test with this stub.
    public func stub(
        _ step: String,
        values: [String: JSONValue] = [:],
        metrics: [String: Double] = [:],
        outputs: [String: Content] = [:],
        failingFirst failures: Int = 0
    ) -> PipelineTest {
        let placed = Dictionary(
            outputs.map { (PortName(trusted: $0.key), fixture($0.value)) },
            uniquingKeysWith: { first, _ in first }
        )
        return stub(step, StepStub(failures: failures, values: values, metrics: metrics, outputs: placed))
    }

    /// The same test with a step whose every attempt fails.
    public func fail(_ step: String, reason: String? = nil, isRetryable: Bool = true) -> PipelineTest {
        stub(step, StepStub(.failed, isRetryable: isRetryable, reason: reason))
    }

    /// The same test with a step that is skipped.
    public func skip(_ step: String, reason: String? = nil) -> PipelineTest {
        stub(step, StepStub(.skipped, reason: reason))
    }

    /// The same test with another program in a step's place, which is really run.
    public func replace(_ step: String, with command: [String]) -> PipelineTest {
        stub(step, StepStub(command: CommandAction(arguments: command)))
    }

    /// The same test with the answer to a question.
    public func answer(_ step: String, _ option: String) -> PipelineTest { stub(step, StepStub(answer: option)) }

    /// The same test with the steps that a branch follows.
    public func follow(_ branch: String, _ steps: String...) -> PipelineTest {
        stub(branch, StepStub(follow: steps.map { StepID(trusted: $0) }))
    }

    /// The same test with content for a source, or for what a stubbed step writes.
    public func fixture(_ dataset: String, _ content: Content) -> PipelineTest {
        let fixture = fixture(content)
        return changed { $0.setup.fixtures[DatasetID(trusted: dataset)] = fixture }
    }

    /// The same test with a file for a source, or for what a stubbed step writes; relative to the project's folder.
    public func fixture(_ dataset: String, file: String) -> PipelineTest { fixture(dataset, .file(file)) }

    /// The same test with rows for a source, or for what a stubbed step writes.
    public func fixture(_ dataset: String, rows: [[String: JSONValue]]) -> PipelineTest {
        fixture(dataset, .rows(rows))
    }

    private func stub(_ step: String, _ stub: StepStub) -> PipelineTest {
        // A name that breaks the rules is reported as a step that does not exist.
        changed { $0.setup.stubs[InstanceID(step) ?? InstanceID(StepID(trusted: step))] = stub }
    }

    private func fixture(_ content: Content) -> Fixture {
        switch content {
        case .file(let path): .file(path.hasPrefix("/") ? path : "\(project)/\(path)")
        case .text(let text, let format): .text(text, format: format)
        case .rows(let rows): .rows(FixtureRows(rows), format: nil)
        }
    }
}
