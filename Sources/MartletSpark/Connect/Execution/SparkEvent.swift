/// Something that happens while Spark executes a plan.
package enum SparkEvent: Sendable {
    /// The server has accepted the plan under this id. A SQL text that is a query is accepted twice: once to be read,
    /// once to be run.
    case started(operationID: String)
    /// The stream from the server ended before the result did, and the result goes on in another.
    case reattached
    /// The columns of the result.
    case schema(SparkDataType)
    /// Rows of the result.
    case batch(SparkArrowData)
    /// How far it is; sent about every two seconds, and only when something changed.
    case progress(SparkProgress)
    /// What its operators counted, at the end.
    case metrics([SparkMetric])
    /// What an observation of the plan counted.
    case observation(SparkObservation)
    /// A streaming query was started.
    case streamStarted(SparkStreamID)
    /// What a streaming query answered.
    case stream(SparkStreamAnswer)
}

/// Rows of a result as an Arrow IPC stream: a schema message, record batches and an end marker.
package struct SparkArrowData: Sendable {
    /// How many rows there are; an empty result has one batch of none.
    package var rowCount: Int
    /// Number of the first row within the result, from 0.
    package var startOffset: Int
    /// The Arrow IPC stream, put together from its chunks when the server sent it so.
    package var bytes: SparkBytes

    /// Rows.
    package init(rowCount: Int, startOffset: Int, bytes: SparkBytes) {
        self.rowCount = rowCount
        self.startOffset = startOffset
        self.bytes = bytes
    }
}

/// How far an execution is.
package struct SparkProgress: Hashable, Sendable {
    /// One stage of it.
    package struct Stage: Hashable, Sendable {
        /// The number of the stage.
        package var id: Int64
        /// Its tasks.
        package var tasks: Int64
        /// Those of them that are done.
        package var completedTasks: Int64
        /// Bytes of input that were read.
        package var inputBytes: Int64
        /// Whether it is done.
        package var isDone: Bool
    }

    /// The stages that were submitted.
    package var stages: [Stage]
    /// Tasks that run right now.
    package var runningTasks: Int64

    /// All tasks of the stages.
    package var tasks: Int64 { stages.reduce(0) { $0 &+ $1.tasks } }
    /// The tasks that are done.
    package var completedTasks: Int64 { stages.reduce(0) { $0 &+ $1.completedTasks } }
    /// Bytes of input that were read.
    package var inputBytes: Int64 { stages.reduce(0) { $0 &+ $1.inputBytes } }

    init(_ message: ProtoExecutePlanResponse.ExecutionProgress) {
        runningTasks = message.numInflightTasks
        stages = message.stages.map {
            Stage(
                id: $0.stageID,
                tasks: $0.numTasks,
                completedTasks: $0.numCompletedTasks,
                inputBytes: $0.inputBytesRead,
                isDone: $0.done
            )
        }
    }
}

/// What one operator of a plan counted.
package struct SparkMetric: Hashable, Sendable {
    /// One count.
    package struct Value: Hashable, Sendable {
        /// What is counted, as in `number of output rows`.
        package var name: String
        /// The count; its unit follows from ``kind``.
        package var value: Int64
        /// How it is counted, as in `sum`, `size` (bytes), `timing` (ms) or `nsTiming` (ns).
        package var kind: String
    }

    /// The operator, as in `HashAggregate`.
    package var name: String
    /// The number of the operator within the plan.
    package var planID: Int64
    /// The number of the operator that it feeds.
    package var parent: Int64
    /// What it counted, by name.
    package var values: [String: Value]

    init(_ message: ProtoExecutePlanResponse.Metrics.MetricObject) {
        name = message.name
        planID = message.planID
        parent = message.parent
        values = message.executionMetrics.mapValues { Value(name: $0.name, value: $0.value, kind: $0.metricType) }
    }
}

/// What an observation of a plan counted.
package struct SparkObservation: Hashable, Sendable {
    /// The name that the plan gave it.
    package var name: String
    /// The aggregates by name, in their order.
    package var values: [(key: String, value: SparkValue)] { zip(keys, counts).map { ($0, $1) } }
    private var keys: [String]
    private var counts: [SparkValue]

    /// The aggregate of a name.
    package subscript(_ key: String) -> SparkValue? { values.first { $0.key == key }?.value }

    init(_ message: ProtoExecutePlanResponse.ObservedMetrics) {
        name = message.name
        counts = message.values.map { SparkValue($0) ?? .null(.null) }
        keys = message.keys
        // Servers before 3.5.2 send no names.
        for number in keys.count..<max(keys.count, counts.count) { keys.append("_\(number)") }
    }
}

/// A streaming query on the server.
package struct SparkStreamID: Hashable, Sendable {
    /// The id, which stays the same when the query is started again from its checkpoint.
    package var id: String
    /// The id of this start of it.
    package var runID: String
    /// The name, when it has one.
    package var name: String?

    /// The ids of a query.
    package init(id: String, runID: String, name: String? = nil) {
        self.id = id
        self.runID = runID
        self.name = name
    }
}

/// What a streaming query answers to a question.
package enum SparkStreamAnswer: Hashable, Sendable {
    /// What it is doing.
    case status(message: String, isDataAvailable: Bool, isTriggerActive: Bool, isActive: Bool)
    /// Its recent batches, as JSON.
    case progress([String])
    /// Why it failed; nil when it did not.
    case failure(message: String?, errorClass: String?)
    /// Whether it ended within the time given.
    case terminated(Bool)
    /// It did as it was told.
    case done
}
