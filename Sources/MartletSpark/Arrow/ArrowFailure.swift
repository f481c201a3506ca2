import MartletCore

/// Builds the errors of this folder.
enum ArrowFailure {
    /// Bytes that are not what the Arrow format prescribes.
    @inline(never)
    static func malformed(_ what: String) -> MartletError {
        MartletError(
            .arrowMalformed,
            "the Arrow data is broken",
            reason: what,
            remedy: "run the query again; if it stays, look for a proxy that changes or cuts what Spark sends"
        )
    }

    /// A type or feature that is not read; `path` names the field from the outermost, and is empty for the whole.
    @inline(never)
    static func unsupported(_ what: String, path: [String]) -> MartletError {
        let place = path.isEmpty ? "" : " in column \(path.joined(separator: "."))"
        return MartletError(
            .arrowUnsupported,
            "\(what)\(place) is not supported",
            remedy: path.isEmpty ? nil : "cast the column to another type in the query"
        )
    }

    /// Data beyond one of the limits.
    @inline(never)
    static func tooLarge(_ what: String, limit: Int) -> MartletError {
        MartletError(
            .arrowTooLarge,
            "the Arrow data is too large",
            reason: "\(what); the limit is \(limit)",
            remedy:
                "ask for fewer rows or columns, or for smaller batches with spark.sql.execution.arrow.maxRecordsPerBatch"
        )
    }

    /// Values that do not fit a schema.
    @inline(never)
    static func invalid(_ what: String) -> MartletError {
        MartletError(.arrowValueInvalid, "the rows do not fit their schema", reason: what)
    }
}
