internal import SwiftProtobuf

/// A table that Spark computes: where rows come from and what is done to them.
///
/// A value, put together without the server; names and types are checked when it is analysed or executed.
package struct SparkRelation: Hashable, Sendable {
    /// The message, which servers read.
    var proto: ProtoRelation

    init(_ proto: ProtoRelation) { self.proto = proto }

    init(_ kind: ProtoRelation.OneOf_RelType, planID: Int64 = 0) {
        proto = .with {
            $0.common = .with { $0.planID = planID }
            $0.relType = kind
        }
    }

    /// A relation on top of this one; its number is the next, so that numbers differ along a chain.
    func above(_ kind: ProtoRelation.OneOf_RelType) -> SparkRelation {
        SparkRelation(kind, planID: proto.common.planID &+ 1)
    }
}

extension SparkRelation {
    /// The rows of a query; unlike a command it may stand within other relations.
    package static func sql(_ text: String, arguments: SparkArguments = .none) -> SparkRelation {
        SparkRelation(
            .sql(
                .with {
                    $0.query = text
                    switch arguments {
                    case .none: break
                    case .named(let values): $0.namedArguments = values.mapValues(\.expression)
                    case .positional(let values): $0.posArguments = values.map(\.expression)
                    }
                }
            )
        )
    }

    /// A table or view of the catalog.
    package static func table(
        _ name: String,
        options: [String: String] = [:],
        isStreaming: Bool = false
    ) -> SparkRelation {
        SparkRelation(
            .read(
                .with {
                    $0.namedTable = .with {
                        $0.unparsedIdentifier = name
                        $0.options = options
                    }
                    $0.isStreaming = isStreaming
                }
            )
        )
    }

    /// Whole numbers from `start` up to but without `end`, in a column `id`.
    package static func range(
        from start: Int64 = 0,
        to end: Int64,
        step: Int64 = 1,
        partitions: Int32? = nil
    ) -> SparkRelation {
        SparkRelation(
            .range(
                .with {
                    $0.start = start
                    $0.end = end
                    $0.step = step
                    if let partitions { $0.numPartitions = partitions }
                }
            )
        )
    }

    /// The columns that SQL expressions give, as in `["id", "price * 2 AS doubled"]`.
    package func select(_ expressions: [String]) -> SparkRelation {
        above(
            .project(
                .with {
                    $0.input = proto
                    $0.expressions = expressions.map(SparkRelation.expression)
                }
            )
        )
    }

    /// The rows for which a SQL condition holds.
    package func filter(_ condition: String) -> SparkRelation {
        above(
            .filter(
                .with {
                    $0.input = proto
                    $0.condition = SparkRelation.expression(condition)
                }
            )
        )
    }

    /// At most so many rows.
    package func limit(_ rows: Int32) -> SparkRelation {
        above(
            .limit(
                .with {
                    $0.input = proto
                    $0.limit = rows
                }
            )
        )
    }

    /// The same rows under a name that expressions can say.
    package func alias(_ name: String) -> SparkRelation {
        above(
            .subqueryAlias(
                .with {
                    $0.input = proto
                    $0.alias = name
                }
            )
        )
    }

    /// The same rows in so many partitions; with `shuffle` false they are only ever merged.
    package func repartition(_ partitions: Int32, shuffle: Bool = true) -> SparkRelation {
        above(
            .repartition(
                .with {
                    $0.input = proto
                    $0.numPartitions = partitions
                    $0.shuffle = shuffle
                }
            )
        )
    }

    /// The same rows, counted on their way: the aggregates arrive as ``SparkObservation`` of this name.
    ///
    /// - Parameters:
    ///   - name: the name of the observation.
    ///   - metrics: SQL aggregates with names, as in `count(*) AS rows`.
    /// - Returns: the relation that counts.
    package func observe(_ name: String, _ metrics: [String]) -> SparkRelation {
        above(
            .collectMetrics(
                .with {
                    $0.input = proto
                    $0.name = name
                    $0.metrics = metrics.map(SparkRelation.expression)
                }
            )
        )
    }

    /// The same rows of a stream, of which those later than `delay` behind the newest `column` may be dropped.
    package func withWatermark(_ column: String, delay: String) -> SparkRelation {
        above(
            .withWatermark(
                .with {
                    $0.input = proto
                    $0.eventTime = column
                    $0.delayThreshold = delay
                }
            )
        )
    }

    static func expression(_ text: String) -> ProtoExpression {
        .with { $0.expressionString = .with { $0.expression = text } }
    }
}
