internal import SwiftProtobuf

/// Where the rows of a relation are written to: a format with a path, or a table of the catalog.
package struct SparkWrite: Hashable, Sendable {
    /// What happens with rows that are there already.
    package enum Mode: String, CaseIterable, Hashable, Sendable {
        /// They stay.
        case append
        /// They go.
        case overwrite
        /// It is an error when there are any.
        case errorIfExists
        /// Nothing is written when there are any.
        case ignore
    }

    /// Where to.
    package enum Target: Hashable, Sendable {
        /// A folder.
        case path(String)
        /// A table, made when it is not there.
        case table(String)
        /// A table that is there; columns go by position.
        case insertInto(String)
        /// What the options say, as a database (JDBC) does.
        case options
    }

    /// Where to.
    package var target: Target
    /// The name of the format, as in `parquet`; Spark's default source when nil.
    package var format: String?
    /// What happens with rows that are there already.
    package var mode: Mode
    /// Options of the format.
    package var options: [String: String]
    /// Columns that make folders of their own.
    package var partitionColumns: [String]
    /// Columns and number of buckets, for tables.
    package var buckets: SparkBuckets?
    /// Columns that rows are sorted by within a bucket.
    package var sortColumns: [String]
    /// Columns that rows are clustered by (Spark 4.0).
    package var clusterColumns: [String]

    /// A target.
    package init(
        to target: Target,
        format: String? = nil,
        mode: Mode = .errorIfExists,
        options: [String: String] = [:],
        partitionColumns: [String] = [],
        buckets: SparkBuckets? = nil,
        sortColumns: [String] = [],
        clusterColumns: [String] = []
    ) {
        self.target = target
        self.format = format
        self.mode = mode
        self.options = options
        self.partitionColumns = partitionColumns
        self.buckets = buckets
        self.sortColumns = sortColumns
        self.clusterColumns = clusterColumns
    }
}

/// How the rows of a table are spread over buckets.
package struct SparkBuckets: Hashable, Sendable {
    /// Columns that decide.
    package var columns: [String]
    /// How many buckets.
    package var count: Int32

    /// Buckets.
    package init(columns: [String], count: Int32) {
        self.columns = columns
        self.count = count
    }
}

extension SparkCommand {
    /// Writes the rows of a relation.
    package static func write(_ relation: SparkRelation, _ write: SparkWrite) -> SparkCommand {
        SparkCommand(
            .writeOperation(
                .with {
                    $0.input = relation.proto
                    if let format = write.format { $0.source = format }
                    $0.mode = write.mode.proto
                    $0.options = write.options
                    $0.partitioningColumns = write.partitionColumns
                    $0.sortColumnNames = write.sortColumns
                    $0.clusteringColumns = write.clusterColumns
                    if let buckets = write.buckets {
                        $0.bucketBy = .with {
                            $0.bucketColumnNames = buckets.columns
                            $0.numBuckets = buckets.count
                        }
                    }
                    switch write.target {
                    case .path(let path): $0.path = path
                    case .table(let name):
                        $0.table = .with {
                            $0.tableName = name
                            $0.saveMethod = .saveAsTable
                        }
                    case .insertInto(let name):
                        $0.table = .with {
                            $0.tableName = name
                            $0.saveMethod = .insertInto
                        }
                    case .options: break
                    }
                }
            )
        )
    }
}

extension SparkWrite.Mode {
    /// The message's value.
    var proto: ProtoWriteOperation.SaveMode {
        switch self {
        case .append: .append
        case .overwrite: .overwrite
        case .errorIfExists: .errorIfExists
        case .ignore: .ignore
        }
    }
}
