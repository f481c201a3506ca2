import MartletCore
internal import SwiftProtobuf

/// The short requests of a session: each is tried again by policy, and the ids of its answer are checked.
struct SparkCalls: Sendable {
    /// Whose requests they are.
    let session: SparkSession
    /// What they go over.
    let connection: SparkConnection
    /// Retries, waits and ids.
    let options: SparkOptions

    /// Does something again by policy while it fails in a way that may pass.
    ///
    /// - Throws: ``SparkError`` with all that the server tells; `CancellationError`.
    func retrying<Value>(_ policy: RetryPolicy? = nil, _ body: () async throws -> Value) async throws -> Value {
        let policy = policy ?? options.retry
        var retries = 0
        while true {
            do {
                return try await body()
            } catch let failure as SparkFailure {
                guard failure.isTransient,
                    let delay = policy.delay(
                        beforeRetry: retries,
                        serverDelay: failure.serverDelay,
                        random: options.random()
                    )
                else { throw await explained(failure) }
                retries += 1
                try await options.sleep(delay)
            }
        }
    }

    /// A failure with what the server tells about it when it is asked; asking is tried once.
    func explained(_ failure: SparkFailure) async -> SparkError {
        var details: SparkErrorDetails?
        if let errorID = failure.errorID {
            let request = ProtoFetchErrorDetailsRequest.with {
                $0.sessionID = session.id
                if let observed = session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
                $0.userContext = session.userContext
                $0.clientType = session.clientType
                $0.errorID = errorID
            }
            let answer: ProtoFetchErrorDetailsResponse? = try? await connection.unary(
                .fetchErrorDetails,
                request,
                timeout: .seconds(Limits.sparkCleanupSeconds)
            )
            details = answer.flatMap(SparkErrorDetails.init)
        }
        return SparkError(failure, details: details, server: session.server)
    }

    /// Asks about a plan.
    func analyze(
        _ request: ProtoAnalyzePlanRequest,
        policy: RetryPolicy? = nil
    ) async throws -> ProtoAnalyzePlanResponse {
        try await retrying(policy) {
            let answer: ProtoAnalyzePlanResponse = try await connection.unary(.analyzePlan, request, timeout: nil)
            try session.check(sessionID: answer.sessionID, serverSideID: answer.serverSideSessionID)
            return answer
        }
    }

    /// Lets the server forget the responses of an execution: those up to one, or all of it.
    ///
    /// Failures do not matter.
    func release(_ operationID: String, until responseID: String?) async {
        let request = ProtoReleaseExecuteRequest.with {
            $0.sessionID = session.id
            if let observed = session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
            $0.userContext = session.userContext
            $0.clientType = session.clientType
            $0.operationID = operationID
            if let responseID {
                $0.releaseUntil = .with { $0.responseID = responseID }
            } else {
                $0.releaseAll = .init()
            }
        }
        let _: ProtoReleaseExecuteResponse? = try? await connection.unary(
            .releaseExecute,
            request,
            timeout: .seconds(Limits.sparkCleanupSeconds)
        )
    }

    /// Ends the session on the server.
    ///
    /// Failures do not matter.
    func releaseSession() async {
        let request = ProtoReleaseSessionRequest.with {
            $0.sessionID = session.id
            $0.userContext = session.userContext
            $0.clientType = session.clientType
        }
        let _: ProtoReleaseSessionResponse? = try? await connection.unary(
            .releaseSession,
            request,
            timeout: .seconds(Limits.sparkCleanupSeconds)
        )
    }

    /// Stops operations.
    ///
    /// - Parameters:
    ///   - what: which.
    ///   - seconds: the longest wait for the answer.
    /// - Returns: the ids of those that were told to stop.
    /// - Throws: ``SparkFailure``; ``SparkError``; `CancellationError`.
    func interrupt(_ what: SparkInterrupt, within seconds: Int = Limits.sparkRequestSeconds) async throws -> [String] {
        let request = ProtoInterruptRequest.with {
            $0.sessionID = session.id
            if let observed = session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
            $0.userContext = session.userContext
            $0.clientType = session.clientType
            switch what {
            case .all: $0.interruptType = .all
            case .tag(let tag):
                $0.interruptType = .tag
                $0.operationTag = tag
            case .operation(let id):
                $0.interruptType = .operationID
                $0.operationID = id
            }
        }
        let answer: ProtoInterruptResponse = try await connection.unary(
            .interrupt,
            request,
            timeout: .seconds(seconds)
        )
        try session.check(sessionID: answer.sessionID, serverSideID: answer.serverSideSessionID)
        return answer.interruptedIds
    }
}

/// Which operations of a session are stopped.
package enum SparkInterrupt: Hashable, Sendable {
    /// All of them.
    case all
    /// Those with a tag.
    case tag(String)
    /// One.
    case operation(String)
}
