internal import SwiftProtobuf

/// Where a streaming query writes to, and when.
package struct SparkStreamWrite: Hashable, Sendable {
    /// When the next batch begins.
    package enum Trigger: Hashable, Sendable {
        /// As soon as the former is done.
        case soon
        /// At this interval, as in `10 seconds`.
        case every(String)
        /// All that is there now, in batches, then it ends.
        case availableNow
        /// All that is there now, in one batch, then it ends.
        case once
    }

    /// The name of the format, as in `parquet` or `memory`.
    package var format: String
    /// A folder; nil when the format has none.
    package var path: String?
    /// A table, instead of a folder.
    package var table: String?
    /// Options of the format; `checkpointLocation` is where it keeps how far it is.
    package var options: [String: String]
    /// `append`, `update` or `complete`.
    package var outputMode: String
    /// Name of the query, under which it is found.
    package var queryName: String?
    /// Columns that make folders of their own.
    package var partitionColumns: [String]
    /// When the next batch begins.
    package var trigger: Trigger

    /// A target.
    package init(
        format: String,
        path: String? = nil,
        table: String? = nil,
        options: [String: String] = [:],
        outputMode: String = "append",
        queryName: String? = nil,
        partitionColumns: [String] = [],
        trigger: Trigger = .soon
    ) {
        self.format = format
        self.path = path
        self.table = table
        self.options = options
        self.outputMode = outputMode
        self.queryName = queryName
        self.partitionColumns = partitionColumns
        self.trigger = trigger
    }
}

/// What a streaming query is asked, or told.
package enum SparkStreamQuestion: Hashable, Sendable {
    /// What it is doing.
    case status
    /// Its last batch.
    case lastProgress
    /// Its recent batches.
    case recentProgress
    /// Stop.
    case stop
    /// Return when all that is there now is done.
    case processAllAvailable
    /// Why it failed.
    case failure
    /// Return when it ended, or after so many milliseconds.
    case awaitTermination(milliseconds: Int64?)
}

extension SparkCommand {
    /// Starts a streaming query over a streaming relation.
    package static func start(_ relation: SparkRelation, _ write: SparkStreamWrite) -> SparkCommand {
        SparkCommand(
            .writeStreamOperationStart(
                .with {
                    $0.input = relation.proto
                    $0.format = write.format
                    $0.options = write.options
                    $0.outputMode = write.outputMode
                    $0.partitioningColumnNames = write.partitionColumns
                    if let name = write.queryName { $0.queryName = name }
                    if let table = write.table {
                        $0.tableName = table
                    } else if let path = write.path {
                        $0.path = path
                    }
                    switch write.trigger {
                    case .soon: break
                    case .every(let interval): $0.processingTimeInterval = interval
                    case .availableNow: $0.availableNow = true
                    case .once: $0.once = true
                    }
                }
            )
        )
    }

    /// Asks a streaming query something, or tells it to stop.
    package static func stream(_ id: SparkStreamID, _ question: SparkStreamQuestion) -> SparkCommand {
        SparkCommand(
            .streamingQueryCommand(
                .with {
                    $0.queryID = .with {
                        $0.id = id.id
                        $0.runID = id.runID
                    }
                    switch question {
                    case .status: $0.status = true
                    case .lastProgress: $0.lastProgress = true
                    case .recentProgress: $0.recentProgress = true
                    case .stop: $0.stop = true
                    case .processAllAvailable: $0.processAllAvailable = true
                    case .failure: $0.exception = true
                    case .awaitTermination(let milliseconds):
                        $0.awaitTermination = .with { if let milliseconds { $0.timeoutMs = milliseconds } }
                    }
                }
            )
        )
    }
}
