internal import SwiftProtobuf

/// A table of a catalog that the rows of a relation are written to, in the terms of Spark's second writer (V2).
package struct SparkTableWrite: Hashable, Sendable {
    /// What happens with the table and its rows.
    package enum Mode: Hashable, Sendable {
        /// It is made, and must not be there.
        case create
        /// It is made anew, and must be there.
        case replace
        /// It is made, or made anew.
        case createOrReplace
        /// Its rows stay; columns go by name.
        case append
        /// Rows for which a SQL condition holds go.
        case overwrite(where: String)
        /// The partitions that the new rows are of go.
        case overwritePartitions
    }

    /// The name of the table.
    package var table: String
    /// What happens with the table and its rows.
    package var mode: Mode
    /// The format of a new table, as in `parquet`.
    package var provider: String?
    /// SQL expressions that rows of a new table are partitioned by, as in `day` or `years(at)`.
    package var partitioning: [String]
    /// Options of this write.
    package var options: [String: String]
    /// Properties of a new table.
    package var properties: [String: String]
    /// Columns that rows of a new table are clustered by (Spark 4.0).
    package var clusterColumns: [String]

    /// A target.
    package init(
        _ table: String,
        mode: Mode,
        provider: String? = nil,
        partitioning: [String] = [],
        options: [String: String] = [:],
        properties: [String: String] = [:],
        clusterColumns: [String] = []
    ) {
        self.table = table
        self.mode = mode
        self.provider = provider
        self.partitioning = partitioning
        self.options = options
        self.properties = properties
        self.clusterColumns = clusterColumns
    }
}

extension SparkCommand {
    /// Writes the rows of a relation to a table of a catalog.
    package static func write(_ relation: SparkRelation, _ write: SparkTableWrite) -> SparkCommand {
        SparkCommand(
            .writeOperationV2(
                .with {
                    $0.input = relation.proto
                    $0.tableName = write.table
                    if let provider = write.provider { $0.provider = provider }
                    $0.partitioningColumns = write.partitioning.map(SparkRelation.expression)
                    $0.options = write.options
                    $0.tableProperties = write.properties
                    $0.clusteringColumns = write.clusterColumns
                    switch write.mode {
                    case .create: $0.mode = .create
                    case .replace: $0.mode = .replace
                    case .createOrReplace: $0.mode = .createOrReplace
                    case .append: $0.mode = .append
                    case .overwrite(let condition):
                        $0.mode = .overwrite
                        $0.overwriteCondition = SparkRelation.expression(condition)
                    case .overwritePartitions: $0.mode = .overwritePartitions
                    }
                }
            )
        )
    }
}
