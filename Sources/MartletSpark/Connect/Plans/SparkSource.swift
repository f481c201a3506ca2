internal import SwiftProtobuf

/// Where a table is read from: a format, its options and its paths.
package struct SparkSource: Hashable, Sendable {
    /// The name of the format, as in `parquet`; Spark's default source when nil.
    package var format: String?
    /// The columns as DDL, when they are not to be found out.
    package var schema: String?
    /// Options of the format.
    package var options: [String: String]
    /// Files and folders.
    package var paths: [String]
    /// Conditions of the parts that a database table is read in (JDBC), one part each.
    package var predicates: [String]

    /// A source.
    package init(
        _ format: String?,
        paths: [String] = [],
        schema: String? = nil,
        options: [String: String] = [:],
        predicates: [String] = []
    ) {
        self.format = format
        self.paths = paths
        self.schema = schema
        self.options = options
        self.predicates = predicates
    }

    /// Comma-separated text; `header` says whether the first line has the names.
    package static func csv(
        _ paths: [String],
        header: Bool,
        schema: String? = nil,
        options: [String: String] = [:]
    ) -> SparkSource {
        let given = options.merging(["header": header ? "true" : "false"]) { said, _ in said }
        return SparkSource("csv", paths: paths, schema: schema, options: given)
    }

    /// JSON, one object a line.
    package static func json(_ paths: [String], schema: String? = nil, options: [String: String] = [:]) -> SparkSource {
        SparkSource("json", paths: paths, schema: schema, options: options)
    }

    /// Parquet.
    package static func parquet(_ paths: [String], options: [String: String] = [:]) -> SparkSource {
        SparkSource("parquet", paths: paths, options: options)
    }

    /// ORC.
    package static func orc(_ paths: [String], options: [String: String] = [:]) -> SparkSource {
        SparkSource("orc", paths: paths, options: options)
    }

    /// Lines of text in a column `value`.
    package static func text(_ paths: [String], options: [String: String] = [:]) -> SparkSource {
        SparkSource("text", paths: paths, options: options)
    }

    /// Avro, when the server has that package.
    package static func avro(_ paths: [String], options: [String: String] = [:]) -> SparkSource {
        SparkSource("avro", paths: paths, options: options)
    }

    /// A table of a database, in one part for each predicate.
    package static func jdbc(
        url: String,
        table: String,
        predicates: [String] = [],
        properties: [String: String] = [:]
    ) -> SparkSource {
        let options = properties.merging(["url": url, "dbtable": table]) { _, said in said }
        return SparkSource("jdbc", options: options, predicates: predicates)
    }
}

extension SparkRelation {
    /// The rows of a source; with `isStreaming`, those that are there and those that will come.
    package static func read(_ source: SparkSource, isStreaming: Bool = false) -> SparkRelation {
        SparkRelation(
            .read(
                .with {
                    $0.dataSource = .with {
                        if let format = source.format { $0.format = format }
                        if let schema = source.schema { $0.schema = schema }
                        $0.options = source.options
                        $0.paths = source.paths
                        $0.predicates = source.predicates
                    }
                    $0.isStreaming = isStreaming
                }
            )
        )
    }
}
