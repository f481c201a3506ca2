import MartletCore
import MartletScheduling

/// What a test expects of a run; what it does not name may be anything.
struct RunExpectation: Sendable {
    /// The run's state; success unless told otherwise.
    var state = Placed(RunState.success, at: .start)
    /// A text that is in the run's reason.
    var reason: Placed<String>?
    /// Steps, or instances of mapped ones.
    var steps: [Placed<(instance: InstanceID, expected: StepExpectation)>] = []
    /// Each group of steps starts when the one before it has ended.
    var order: [Placed<[StepID]>] = []
    /// Datasets that the run writes.
    var datasets: [Placed<(dataset: DatasetID, expected: DatasetExpectation)>] = []
}

/// What a test expects of a step; of a mapped one, of each of its instances.
struct StepExpectation: Sendable {
    var state: Placed<StepState>?
    var attempts: Placed<ValueExpectation>?
    var values: [Placed<(name: String, expected: ValueExpectation)>] = []
    var metrics: [Placed<(name: String, expected: ValueExpectation)>] = []
    /// An error's number, or a text that is in what the step says of itself.
    var error: Placed<String>?
    /// A text that is in the log of its last attempt.
    var log: Placed<String>?
    /// What its templates became.
    var render: Placed<JSONValue>?
}

/// What a test expects of a dataset.
struct DatasetExpectation: Sendable {
    var exists: Placed<Bool>?
    var rows: Placed<ValueExpectation>?
    var columns: Placed<[String]>?
    /// The rows, or the content of a file that has none.
    var equals: Placed<ExpectedContent>?
    /// Rows that are among its.
    var contains: Placed<ExpectedContent>?
    /// A text that is in it.
    var text: Placed<String>?
}

/// Data to compare with.
enum ExpectedContent: Sendable {
    /// A file by its absolute path, and as the test names it.
    case file(path: String, shown: String)
    case rows(FixtureRows)
}

/// Something read from a file, and where it stands.
struct Placed<Value> {
    var value: Value
    var position: TextPosition

    init(_ value: Value, at position: TextPosition) {
        self.value = value
        self.position = position
    }
}

extension Placed: Sendable where Value: Sendable {}
