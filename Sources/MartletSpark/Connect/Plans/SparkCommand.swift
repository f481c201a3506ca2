internal import SwiftProtobuf

/// Something that Spark does, as opposed to a table that it computes.
package struct SparkCommand: Hashable, Sendable {
    /// The message, which servers read.
    var proto: ProtoCommand

    init(_ kind: ProtoCommand.OneOf_CommandType) {
        proto = .with { $0.commandType = kind }
    }

    /// Reads a SQL text and runs it if it is a command; the result is the relation to read next.
    package static func statement(_ text: String, arguments: SparkArguments = .none) -> SparkCommand {
        SparkCommand(
            .sqlCommand(
                .with {
                    // Servers before 4.0 read the text from here, later ones from the input.
                    $0.sql = text
                    switch arguments {
                    case .none: break
                    case .named(let values): $0.namedArguments = values.mapValues(\.expression)
                    case .positional(let values): $0.posArguments = values.map(\.expression)
                    }
                    $0.input = SparkRelation.sql(text, arguments: arguments).proto
                }
            )
        )
    }

    /// Gives a relation a name for this session, or for all sessions of the application.
    package static func createView(
        _ name: String,
        of relation: SparkRelation,
        replaces: Bool = true,
        isGlobal: Bool = false
    ) -> SparkCommand {
        SparkCommand(
            .createDataframeView(
                .with {
                    $0.input = relation.proto
                    $0.name = name
                    $0.isGlobal = isGlobal
                    $0.replace = replaces
                }
            )
        )
    }
}
