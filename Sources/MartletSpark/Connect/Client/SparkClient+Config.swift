import MartletCore
internal import SwiftProtobuf

extension SparkClient {
    /// Sets keys of the session's configuration.
    ///
    /// - Returns: what Spark warns of, such as a key that is out of use.
    /// - Throws: ``SparkError`` for a key that cannot be set in a session, a value that it cannot have, and one that is
    ///   fixed at the start; `CancellationError`.
    @discardableResult
    package func setConfig(_ values: [String: String]) async throws -> [String] {
        let pairs = values.sorted { $0.key < $1.key }.map { key, value in
            ProtoKeyValue.with {
                $0.key = key
                $0.value = value
            }
        }
        return try await config(.set(.with { $0.pairs = pairs })).warnings
    }

    /// The value of a key of the configuration, or nil when it is not set and has no default.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func config(_ key: String) async throws -> String? {
        let answer = try await config(.getOption(.with { $0.keys = [key] }))
        return answer.pairs.first { $0.key == key && $0.hasValue }?.value
    }

    /// All keys that are set, or those that begin with a prefix; the prefix is cut from their names, as Spark does.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func allConfig(prefix: String? = nil) async throws -> [String: String] {
        let answer = try await config(.getAll(.with { if let prefix { $0.prefix = prefix } }))
        return Dictionary(answer.pairs.map { ($0.key, $0.value) }) { _, last in last }
    }

    /// Gives keys of the configuration their defaults again.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func unsetConfig(_ keys: [String]) async throws {
        _ = try await config(.unset(.with { $0.keys = keys }))
    }

    /// Whether a key can be set in a session.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func isModifiable(_ key: String) async throws -> Bool {
        let answer = try await config(.isModifiable(.with { $0.keys = [key] }))
        return answer.pairs.first { $0.key == key }?.value == "true"
    }

    private func config(_ operation: ProtoConfigRequest.Operation.OneOf_OpType) async throws -> ProtoConfigResponse {
        try checkOpen()
        let calls = self.calls
        return try await calls.retrying {
            let request = ProtoConfigRequest.with {
                $0.sessionID = session.id
                if let observed = session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
                $0.userContext = session.userContext
                $0.clientType = session.clientType
                $0.operation = .with { $0.opType = operation }
            }
            let answer: ProtoConfigResponse = try await connection.unary(
                .config,
                request,
                timeout: .seconds(Limits.sparkRequestSeconds)
            )
            try session.check(sessionID: answer.sessionID, serverSideID: answer.serverSideSessionID)
            return answer
        }
    }
}
