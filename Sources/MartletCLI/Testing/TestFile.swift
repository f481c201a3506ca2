import MartletCore
import MartletScheduling

/// A file of tests of one pipeline.
struct TestFile: Sendable {
    /// The text, for errors to point into.
    var source: SourceText
    /// The pipeline that is tested.
    var pipeline: Placed<PipelineID>
    /// The tests, in the order of the file.
    var tests: [SpecifiedTest]
}

/// A test as a file tells it.
struct SpecifiedTest: Sendable {
    /// The name, unique in its file.
    var name: String
    /// Where it begins.
    var position: TextPosition
    /// Where its parts stand: those of the test itself, then those that all tests of the file share.
    var nodes: [YAMLNode]
    /// What it gives the pipeline.
    var setup: TestSetup
    /// Longest duration.
    var timeout: Duration
    /// What it does.
    var kind: Kind

    enum Kind: Sendable {
        /// Runs the pipeline.
        case run(RunExpectation)
        /// Works templates out, without a run; `item` is what a mapped step's instance is for.
        case render([Placed<(step: StepID, expected: JSONValue)>], item: JSONValue?)
    }

    /// Where a part of the test stands; parts that all tests share are found where they are.
    func place(of path: [PathComponent], isAboutKey: Bool) -> TextPosition {
        let home = nodes.first { node in
            guard case .key(let first)? = path.first, let entry = node.entry(first) else { return false }
            guard path.count > 1, case .key(let second) = path[1] else { return true }
            return entry.value.entry(second) != nil
        }
        return (home ?? nodes.first)?.place(of: path, isAboutKey: isAboutKey) ?? position
    }
}
