import MartletCore

/// What all tests of one call came to.
struct TestReport: Sendable {
    /// One for each pipeline, and one for each file that could not be read.
    var suites: [TestSuite] = []
    /// When the tests began.
    var startedAt: Timestamp
    /// How long they took.
    var seconds = 0.0

    /// All tests.
    var tests: [TestResult] { suites.flatMap(\.tests) }

    /// The exit code: 2 when a file of tests or rules is wrong, because nobody knows what it would have found.
    var status: Int32 {
        if tests.contains(where: { if case .broken = $0.outcome { true } else { false } }) {
            return ExitStatus.requestWrong
        }
        return tests.contains { $0.outcome.isFailure } ? ExitStatus.workFailed : ExitStatus.done
    }
}

/// The tests of one pipeline, or of one file that could not be read.
struct TestSuite: Sendable {
    var name: String
    var tests: [TestResult] = []
    /// How long they took, one after the other.
    var seconds: Double { tests.reduce(0) { $0 + $1.seconds } }
}

/// What one test came to.
struct TestResult: Sendable {
    /// The ways a test can end.
    enum Outcome: Sendable {
        case passed
        /// The pipeline is not as it should be.
        case failed([MartletError])
        /// The test itself is wrong.
        case broken([MartletError])
        /// It was not run, and why.
        case skipped(String)

        /// Whether it did neither pass nor was skipped.
        var isFailure: Bool { !errors.isEmpty }

        /// What went wrong.
        var errors: [MartletError] {
            switch self {
            case .passed, .skipped: []
            case .failed(let errors), .broken(let errors): errors
            }
        }

        /// The word for it in JSON.
        var word: String {
            switch self {
            case .passed: "passed"
            case .failed: "failed"
            case .broken: "broken"
            case .skipped: "skipped"
            }
        }
    }

    /// A run that a test made.
    struct Run: Sendable {
        var id: RunID
        /// The run's folder.
        var folder: String
        /// Whether the folder is still there.
        var isKept: Bool
    }

    var name: String
    var outcome: Outcome
    /// What is not good, and yet no failure.
    var warnings: [MartletError] = []
    var seconds = 0.0
    var run: Run?
    /// The texts that errors and warnings point into, by the names that locations use.
    var sources: [String: SourceText] = [:]
    /// The file of the test or of the pipeline, as the user knows it.
    var file: String?
}
