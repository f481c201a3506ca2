import MartletCore

extension SparkError {
    /// The failure for people and programs.
    ///
    /// - Parameters:
    ///   - failure: what gRPC reported.
    ///   - details: what the server told beyond that, when it was asked.
    ///   - server: host and port, for what is said to people.
    init(_ failure: SparkFailure, details: SparkErrorDetails? = nil, server: String) {
        var failure = failure
        let root = details?.chain.first
        // The status says less: values of more than a kilobyte are cut, and old servers leave some out.
        failure.sqlState = details?.sqlState ?? failure.sqlState
        failure.errorClass = root?.errorClass ?? failure.errorClass
        let message = root?.message ?? failure.message
        let contexts = details?.contexts ?? []
        let causes = Array((details?.chain ?? []).dropFirst())
        let error = MartletError(
            failure.errorCode,
            SparkError.headline(failure, server: server) + SparkError.firstParagraph(of: message),
            reason: SparkError.place(contexts),
            remedy: failure.remedy,
            cause: SparkError.causeText(causes)
        )
        self.init(
            failure.kind,
            error,
            errorClass: failure.errorClass,
            sqlState: failure.sqlState,
            parameters: details?.parameters ?? failure.parameters,
            message: message,
            exceptionClass: root?.exceptionClass ?? failure.exceptionClass,
            contexts: contexts,
            causes: causes,
            stack: root?.stack ?? []
        )
    }

    private static func headline(_ failure: SparkFailure, server: String) -> String {
        switch failure.errorCode {
        case .sparkUnreachable: "the Spark server at \(server) cannot be reached: "
        case .sparkUnauthorized: "the Spark server at \(server) does not let this client in: "
        case .sparkSessionLost: "the Spark server at \(server) has this session no more: "
        case .sparkUnsupportedByServer: "the Spark server at \(server) does not have this: "
        case .sparkProtocolViolated: "the Spark server at \(server) sent what cannot be read: "
        case .sparkOperationCancelled: "the operation was cancelled on the Spark server: "
        case .sparkQueryRefused: "Spark refuses the query: "
        default: "Spark failed: "
        }
    }

    /// What a message says before plans, summaries and stacks follow.
    static func firstParagraph(of message: String) -> String {
        var text = Substring(message)
        for mark in ["\n== ", "\n\n", ";\n'", "\nDriver stacktrace:", "\n\tat "] {
            if let found = text.firstRange(of: mark) { text = text[..<found.lowerBound] }
        }
        var trimmed = text.drop { $0.isWhitespace }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        return trimmed.isEmpty ? "it does not say why" : String(trimmed)
    }

    private static func place(_ contexts: [SparkQueryContext]) -> String? {
        guard let context = contexts.first, !context.fragment.isEmpty else { return nil }
        let of = context.objectName.isEmpty ? "the query" : "\(context.objectType.lowercased()) \(context.objectName)"
        if let start = context.start, let stop = context.stop {
            return "at \(context.fragment) (characters \(start + 1) to \(stop + 1) of \(of))"
        }
        return "at \(context.fragment)" + (context.callSite.map { " (\($0))" } ?? "")
    }

    private static func causeText(_ causes: [SparkCause]) -> String? {
        guard !causes.isEmpty else { return nil }
        return causes.map { "\($0.exceptionClass): \(firstParagraph(of: $0.message))" }.joined(separator: "\n")
    }
}
