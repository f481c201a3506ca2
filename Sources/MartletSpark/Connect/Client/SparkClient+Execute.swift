import MartletCore
internal import SwiftProtobuf

extension SparkClient {
    /// Executes a SQL text, be it a query or a command such as `CREATE TABLE` or `INSERT`.
    ///
    /// Spark reads the text first and runs it at once if it is a command; the rows of either follow alike. A text that is
    /// known to be a query is faster with ``execute(_:tags:)`` of ``SparkRelation/sql(_:arguments:)``, which saves one
    /// way there and back.
    ///
    /// - Parameters:
    ///   - sql: one statement.
    ///   - arguments: the values of its parameters, `:name` or `?`.
    ///   - tags: names by which interrupts can find it.
    /// - Returns: what happens, as it happens.
    /// - Throws: ``SparkError`` when the client was shut down, or a tag is not one.
    package func execute(
        sql: String,
        arguments: SparkArguments = .none,
        tags: [String] = []
    ) throws -> SparkExecution {
        try execute(SparkCommand.statement(sql, arguments: arguments), tags: tags)
    }

    /// Computes a relation and returns its rows.
    ///
    /// - Throws: ``SparkError`` when the client was shut down, or a tag is not one.
    package func execute(_ relation: SparkRelation, tags: [String] = []) throws -> SparkExecution {
        try start(.with { $0.root = relation.proto }, tags)
    }

    /// Executes a command.
    ///
    /// - Throws: ``SparkError`` when the client was shut down, or a tag is not one.
    package func execute(_ command: SparkCommand, tags: [String] = []) throws -> SparkExecution {
        try start(.with { $0.command = command.proto }, tags)
    }

    private func start(_ plan: ProtoPlan, _ tags: [String]) throws(SparkError) -> SparkExecution {
        let tags = options.tags + tags
        for tag in tags where tag.isEmpty || tag.contains(",") {
            throw SparkError(
                .user,
                MartletError(
                    .sparkValueInvalid,
                    "\(tag) cannot be a tag",
                    reason: "a tag is not empty and has no comma"
                )
            )
        }
        let channel = EventChannel<SparkEvent>(capacity: Limits.sparkWaitingMessages)
        let calls = self.calls
        let task = try own {
            await SparkClient.run(plan, tags, calls, channel)
        }
        return SparkExecution(channel, task, self)
    }

    private static func run(
        _ plan: ProtoPlan,
        _ tags: [String],
        _ calls: SparkCalls,
        _ channel: EventChannel<SparkEvent>
    ) async {
        var plan = plan
        var finished: [ExecutionDriver] = []
        do {
            while true {
                let driver = ExecutionDriver(
                    calls,
                    plan: plan,
                    operationID: calls.options.makeID(),
                    tags: tags,
                    channel: channel
                )
                let relation = try await driver.run()
                finished.append(driver)
                // A SQL command leaves a relation to be read: the query itself, or the rows that the command returned.
                guard let relation, finished.count < 2 else { break }
                plan = .with { $0.root = relation.proto }
            }
            channel.finish(.success(()))
        } catch let error as SparkFailure {
            channel.finish(.failure(await calls.explained(error)))
        } catch {
            channel.finish(.failure(error), discards: error is CancellationError)
        }
        for driver in finished { await driver.release() }
    }
}
