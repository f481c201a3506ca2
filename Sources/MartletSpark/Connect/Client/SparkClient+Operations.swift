import MartletCore
internal import SwiftProtobuf

/// What an operation on the server is doing.
package enum SparkOperationState: String, Hashable, Sendable {
    /// The server does not know it.
    case unknown
    /// It runs.
    case running
    /// It was told to stop.
    case terminating
    /// It is done.
    case succeeded
    /// It failed.
    case failed
    /// It was stopped.
    case cancelled
}

extension SparkClient {
    /// Stops operations of this session.
    ///
    /// - Returns: the ids of those that were told to stop.
    /// - Throws: ``SparkError``; `CancellationError`.
    @discardableResult
    package func interrupt(_ what: SparkInterrupt) async throws -> [String] {
        try checkOpen()
        return try await calls.retrying { try await calls.interrupt(what) }
    }

    /// What operations of this session are doing (Spark 4.2).
    ///
    /// - Parameter operationIDs: which; all of them when there are none.
    /// - Returns: the state of each by its id.
    /// - Throws: ``SparkError`` with `sparkUnsupportedByServer` when the server is too old; `CancellationError`.
    package func status(of operationIDs: [String]) async throws -> [String: SparkOperationState] {
        try checkOpen()
        try require("4.2", "the state of operations")
        return try await calls.retrying {
            let request = ProtoGetStatusRequest.with {
                $0.sessionID = session.id
                if let observed = session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
                $0.userContext = session.userContext
                $0.clientType = session.clientType
                $0.operationStatus = .with { $0.operationIds = operationIDs }
            }
            let answer: ProtoGetStatusResponse = try await connection.unary(
                .getStatus,
                request,
                timeout: .seconds(Limits.sparkRequestSeconds)
            )
            try session.check(sessionID: answer.sessionID, serverSideID: answer.serverSideSessionID)
            let states = answer.operationStatuses.map { ($0.operationID, SparkOperationState($0.state)) }
            return Dictionary(states) { _, last in last }
        }
    }

    /// Fails when the server is older than a version.
    ///
    /// - Parameters:
    ///   - version: the first that has it, as in `4.2`.
    ///   - what: what it is, for people.
    /// - Throws: ``SparkError`` with `sparkUnsupportedByServer`.
    func require(_ version: String, _ what: String) throws(SparkError) {
        guard !SparkClient.isVersion(serverVersion, before: version) else {
            throw SparkError(
                .user,
                MartletError(
                    .sparkUnsupportedByServer,
                    "the Spark server at \(session.server) does not have this: \(what)",
                    reason: "it is Spark \(serverVersion), and that came with Spark \(version)",
                    remedy: "use a newer Spark, or do without"
                )
            )
        }
    }

    /// Whether a version is older than another; what is not a number counts as 0, and a version that cannot be read is
    /// taken for new.
    static func isVersion(_ version: String, before other: String) -> Bool {
        func numbers(_ text: String) -> [Int] {
            text.split(separator: ".").prefix(2).map { part in Int(part.prefix { $0.isASCII && $0.isNumber }) ?? 0 }
        }
        let (left, right) = (numbers(version), numbers(other))
        guard left.count == 2, left[0] > 0 else { return false }
        return left.lexicographicallyPrecedes(right)
    }
}

extension SparkOperationState {
    /// The state that a message says.
    init(_ state: ProtoGetStatusResponse.OperationStatus.OperationState) {
        switch state {
        case .running: self = .running
        case .terminating: self = .terminating
        case .succeeded: self = .succeeded
        case .failed: self = .failed
        case .cancelled: self = .cancelled
        case .unspecified, .unknown, .UNRECOGNIZED: self = .unknown
        }
    }
}
