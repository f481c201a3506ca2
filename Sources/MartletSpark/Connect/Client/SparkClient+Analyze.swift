import MartletCore

extension SparkClient {
    /// The columns of a relation.
    ///
    /// - Throws: ``SparkError``, for names and types that do not fit too; `CancellationError`.
    package func schema(of relation: SparkRelation) async throws -> SparkDataType {
        let answer = try await ask(.schema(relation))
        guard let type = SparkDataType(answer.schema.schema) else { throw unreadable("a schema") }
        return type
    }

    /// How a relation is computed, as Spark's `EXPLAIN` shows it.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func explain(_ relation: SparkRelation, mode: SparkExplainMode = .simple) async throws -> String {
        try await ask(.explain(relation, mode)).explain.explainString
    }

    /// The columns of a relation as a tree of text.
    ///
    /// - Parameters:
    ///   - relation: which.
    ///   - level: how deep; all of it when nil.
    /// - Returns: the tree, a column on each line.
    /// - Throws: ``SparkError``; `CancellationError`.
    package func treeString(of relation: SparkRelation, level: Int32? = nil) async throws -> String {
        try await ask(.treeString(relation, level: level)).treeString.treeString
    }

    /// The files that a relation reads, as URLs; an estimate by Spark's own words.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func inputFiles(of relation: SparkRelation) async throws -> [String] {
        try await ask(.inputFiles(relation)).inputFiles.files
    }

    /// Whether a relation goes on without an end.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func isStreaming(_ relation: SparkRelation) async throws -> Bool {
        try await ask(.isStreaming(relation)).isStreaming.isStreaming
    }

    /// The columns that a text such as `id BIGINT, name STRING` says.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func parse(ddl: String) async throws -> SparkDataType {
        let answer = try await ask(.ddlParse(ddl))
        guard let type = SparkDataType(answer.ddlParse.parsed) else { throw unreadable("a schema") }
        return type
    }

    /// Keeps the rows of a relation when they are first computed.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func persist(_ relation: SparkRelation, level: SparkStorageLevel? = nil) async throws {
        _ = try await ask(.persist(relation, level))
    }

    /// Keeps the rows of a relation no more.
    ///
    /// - Parameters:
    ///   - relation: which.
    ///   - blocking: whether it returns when they are gone.
    /// - Throws: ``SparkError``; `CancellationError`.
    package func unpersist(_ relation: SparkRelation, blocking: Bool = false) async throws {
        _ = try await ask(.unpersist(relation, blocking: blocking))
    }

    private func ask(_ question: AnalyzeRequest) async throws -> ProtoAnalyzePlanResponse {
        try checkOpen()
        return try await calls.analyze(question.proto(session))
    }

    private func unreadable(_ what: String) -> SparkError {
        SparkError(
            .infrastructure,
            MartletError(
                .sparkProtocolViolated,
                "the Spark server at \(session.server) sent \(what) with a type that is not known",
                remedy: "cast columns of new types in the query"
            )
        )
    }
}
