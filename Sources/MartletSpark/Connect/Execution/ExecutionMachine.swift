/// Decides what an execution does next, from what happened.
///
/// It knows neither network nor clock.
///
/// Every execution can be continued after its stream ended: the server closes a stream after two minutes or a gigabyte,
/// and only `result_complete` says that nothing follows.
struct ExecutionMachine: Hashable, Sendable {
    /// What to do next.
    enum Action: Hashable, Sendable {
        /// Send the plan.
        case execute
        /// Ask for what follows a response, or for everything when none was received.
        case reattach(after: String?)
        /// Read the next response of the stream.
        case read
        /// Wait, then do another.
        case wait(Duration, then: Request)
        /// All was received: tell the server to forget the execution.
        case finish
        /// Give up: tell the server to forget the execution, and the reader why.
        case fail(Verdict)
    }

    /// A request that opens a stream.
    enum Request: Hashable, Sendable {
        /// Send the plan.
        case execute
        /// Ask for what follows a response.
        case reattach(after: String?)

        fileprivate var action: Action {
            switch self {
            case .execute: .execute
            case .reattach(let id): .reattach(after: id)
            }
        }
    }

    /// Why an execution is given up.
    enum Verdict: Hashable, Sendable {
        /// The failure that was reported last stands.
        case failed
        /// The server does not know the execution any more, and rows were already received.
        case resultLost
        /// The stream ends again and again without a response.
        case noProgress
    }

    private enum State: Hashable {
        case idle
        case reading
        case waiting(Request)
        case done
    }

    private let policy: RetryPolicy
    private var state = State.idle
    private var lastRequest = Request.execute
    /// The newest response that was received.
    private(set) var lastResponseID: String?
    private var isComplete = false
    private var retries = 0
    private var unreleasedBytes = 0
    private var unreleasedMessages = 0
    private let releaseBytes: Int
    private let releaseMessages: Int

    /// A machine for one execution.
    ///
    /// - Parameters:
    ///   - policy: how failures are tried again.
    ///   - releaseBytes: bytes received after which the server may forget.
    ///   - releaseMessages: messages received after which the server may forget.
    init(policy: RetryPolicy, releaseBytes: Int, releaseMessages: Int) {
        self.policy = policy
        self.releaseBytes = releaseBytes
        self.releaseMessages = releaseMessages
    }

    /// The first thing to do.
    mutating func start() -> Action {
        guard state == .idle else { return .read }
        return open(.execute)
    }

    /// A response arrived.
    ///
    /// - Returns: what to do next, and the response up to which the server may forget, if it is time to say so.
    mutating func received(
        responseID: String,
        byteCount: Int,
        isResultComplete: Bool
    ) -> (Action, releaseUntil: String?) {
        guard state == .reading else { return (.read, nil) }
        retries = 0
        if !responseID.isEmpty { lastResponseID = responseID }
        unreleasedBytes += byteCount
        unreleasedMessages += 1
        if isResultComplete {
            isComplete = true
            state = .done
            return (.finish, nil)
        }
        guard unreleasedBytes >= releaseBytes || unreleasedMessages >= releaseMessages, let lastResponseID else {
            return (.read, nil)
        }
        unreleasedBytes = 0
        unreleasedMessages = 0
        return (.read, lastResponseID)
    }

    /// The stream ended well.
    ///
    /// - Parameters:
    ///   - responses: how many it had.
    ///   - random: from 0 up to but without 1, for the wait.
    /// - Returns: what to do next.
    mutating func streamEnded(responses: Int, random: Double) -> Action {
        guard state == .reading else { return .finish }
        if responses > 0 { return open(.reattach(after: lastResponseID)) }
        // A server that ends streams at once would otherwise be asked without a pause.
        return retry(.reattach(after: lastResponseID), serverDelay: nil, random: random, otherwise: .noProgress)
    }

    /// The stream, or opening it, failed.
    ///
    /// - Parameters:
    ///   - failure: what kind of failure it was.
    ///   - random: from 0 up to but without 1, for the wait.
    /// - Returns: what to do next.
    mutating func streamFailed(_ failure: ExecutionFailure, random: Double) -> Action {
        guard state == .reading else { return .fail(.failed) }
        switch failure {
        case .unknownOperation:
            // The plan never reached the server, or was forgotten before anything of it was read: it may be sent again.
            // The operation's id is the same, so that it cannot run twice.
            guard case .reattach = lastRequest else { return end(.failed) }
            guard lastResponseID == nil else { return end(.resultLost) }
            return retry(.execute, serverDelay: nil, random: random, otherwise: .failed)
        case .operationExists:
            // An earlier try did reach the server.
            guard lastRequest == .execute, retries > 0 else { return end(.failed) }
            return open(.reattach(after: lastResponseID))
        case .transient(let serverDelay):
            return retry(.reattach(after: lastResponseID), serverDelay: serverDelay, random: random, otherwise: .failed)
        case .final:
            return end(.failed)
        }
    }

    /// The wait is over.
    mutating func waited() -> Action {
        guard case .waiting(let request) = state else { return .read }
        return open(request)
    }

    private mutating func open(_ request: Request) -> Action {
        state = .reading
        lastRequest = request
        return request.action
    }

    private mutating func retry(
        _ request: Request,
        serverDelay: Duration?,
        random: Double,
        otherwise verdict: Verdict
    ) -> Action {
        guard let delay = policy.delay(beforeRetry: retries, serverDelay: serverDelay, random: random) else {
            return end(verdict)
        }
        retries += 1
        state = .waiting(request)
        return .wait(delay, then: request)
    }

    private mutating func end(_ verdict: Verdict) -> Action {
        state = .done
        return .fail(verdict)
    }
}

/// What a failure means for an execution.
enum ExecutionFailure: Hashable, Sendable {
    /// The server does not know the operation, or the session of it.
    case unknownOperation
    /// The server has an operation of this id already.
    case operationExists
    /// It may pass; with the wait that the server asks for, if it does.
    case transient(serverDelay: Duration?)
    /// It will not pass.
    case final
}
