import MartletCore

/// What the server tells about an error when it is asked: the whole messages, the causes and the place in the query.
struct SparkErrorDetails: Hashable, Sendable {
    /// The error and its causes, the error first.
    var chain: [SparkCause]
    /// Parts of the query, those of the first error that has any.
    var contexts: [SparkQueryContext]
    /// The five characters of standard SQL.
    var sqlState: String?
    /// Parameters of the message.
    var parameters: [String: String]

    /// What an answer says; nil when it says nothing.
    ///
    /// The chain ends at a cause that was already met, at an index that does not exist and at `Limits.sparkCauses`.
    init?(_ response: ProtoFetchErrorDetailsResponse) {
        guard response.hasRootErrorIdx else { return nil }
        chain = []
        contexts = []
        parameters = [:]
        var next: Int? = Int(response.rootErrorIdx)
        var met: Set<Int> = []
        while let index = next, response.errors.indices.contains(index), met.insert(index).inserted,
            chain.count <= Limits.sparkCauses
        {
            let error = response.errors[index]
            let throwable = error.sparkThrowable
            chain.append(SparkCause(error))
            if contexts.isEmpty { contexts = throwable.queryContexts.map(SparkQueryContext.init) }
            if sqlState == nil, throwable.hasSqlState { sqlState = throwable.sqlState }
            if met.count == 1 { parameters = throwable.messageParameters }
            next = error.hasCauseIdx ? Int(error.causeIdx) : nil
        }
        guard !chain.isEmpty else { return nil }
    }
}

extension SparkCause {
    /// The exception that a message says, with the first frames of its stack.
    init(_ error: ProtoFetchErrorDetailsResponse.Error) {
        exceptionClass = error.errorTypeHierarchy.first ?? "an exception"
        message = error.message
        errorClass = error.sparkThrowable.hasErrorClass ? error.sparkThrowable.errorClass : nil
        stack = error.stackTrace.prefix(Limits.sparkStackFrames).map { frame in
            let place = frame.hasFileName ? "\(frame.fileName):\(frame.lineNumber)" : "unknown source"
            return "\(frame.declaringClass).\(frame.methodName)(\(place))"
        }
    }
}

extension SparkQueryContext {
    /// The part of a query that a message says.
    init(_ context: ProtoFetchErrorDetailsResponse.QueryContext) {
        let isText = context.contextType == .sql
        fragment = context.fragment
        start = isText && context.startIndex >= 0 ? Int(context.startIndex) : nil
        stop = isText && context.stopIndex >= 0 ? Int(context.stopIndex) : nil
        objectType = context.objectType
        objectName = context.objectName
        callSite = context.callSite.isEmpty ? nil : context.callSite
    }
}
