import MartletCore

extension SparkClient {
    /// Starts a streaming query.
    ///
    /// - Returns: its ids; it runs on when this client is gone, until it is stopped or the session ends.
    /// - Throws: ``SparkError``; `CancellationError`.
    package func start(_ relation: SparkRelation, _ write: SparkStreamWrite) async throws -> SparkStreamID {
        var started: SparkStreamID?
        // To the end: an execution that is let go before is interrupted, and this one has only just been started.
        for try await event in try execute(SparkCommand.start(relation, write)) {
            if case .streamStarted(let id) = event { started = id }
        }
        guard let started else { throw missing("the id of a streaming query") }
        return started
    }

    /// Asks a streaming query something, or tells it to stop.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func ask(_ id: SparkStreamID, _ question: SparkStreamQuestion) async throws -> SparkStreamAnswer {
        var answer: SparkStreamAnswer?
        for try await event in try execute(SparkCommand.stream(id, question)) {
            if case .stream(let found) = event { answer = found }
        }
        guard let answer else { throw missing("the answer of a streaming query") }
        return answer
    }

    /// Writes rows; returns when they are there.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func write(_ relation: SparkRelation, _ write: SparkWrite, tags: [String] = []) async throws {
        try await execute(SparkCommand.write(relation, write), tags: tags).finish()
    }

    /// Writes rows to a table of a catalog; returns when they are there.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func write(_ relation: SparkRelation, _ write: SparkTableWrite, tags: [String] = []) async throws {
        try await execute(SparkCommand.write(relation, write), tags: tags).finish()
    }

    /// Gives a relation a name for this session, or for all sessions of the application.
    ///
    /// - Throws: ``SparkError``, when the name is taken and must not be replaced too; `CancellationError`.
    package func createView(
        _ name: String,
        of relation: SparkRelation,
        replaces: Bool = true,
        isGlobal: Bool = false
    ) async throws {
        try await execute(SparkCommand.createView(name, of: relation, replaces: replaces, isGlobal: isGlobal)).finish()
    }

    private func missing(_ what: String) -> SparkError {
        SparkError(
            .infrastructure,
            MartletError(
                .sparkProtocolViolated,
                "the Spark server at \(session.server) did not send \(what)",
                remedy: "run it again; if it stays, the server and this client do not fit"
            )
        )
    }
}
