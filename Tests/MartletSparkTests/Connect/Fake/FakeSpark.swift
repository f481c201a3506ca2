import GRPCCore
import GRPCNIOTransportHTTP2Posix
import MartletCore
import SwiftProtobuf
import Synchronization

@testable import MartletSpark

/// A Spark Connect server on this machine that does what a test says: it plays scripts, and keeps what it was sent.
final class FakeSpark: Sendable {
    /// What one operation sends, in order.
    enum Step: Sendable {
        /// A response; the server gives it the ids of session, operation and response.
        case send(ProtoExecutePlanResponse)
        /// Closes the stream well, once; the rest follows when the client asks for it.
        case endStream
        /// Fails the stream, once.
        case fail(RPCError)
        /// Waits until the operation is interrupted, then fails as Spark does.
        case hold
        /// Answers from here on as if the server was made anew.
        case changeSession
        /// Answers from here on for another session.
        case otherSession
        /// Forgets the operation.
        case forget
        /// `result_complete`.
        case complete
    }

    struct Operation: Sendable {
        var steps: [Step]
        var used: Set<Int> = []
        var isInterrupted = false
        var tags: [String] = []
    }

    struct State: Sendable {
        var operations: [String: Operation] = [:]
        var waiting: [String: CheckedContinuation<Void, Never>] = [:]
        var serverSideID = "server-1"
        var sessionOverride: String?
        var executed: [ProtoExecutePlanRequest] = []
        var reattached: [ProtoReattachExecuteRequest] = []
        var releasedUntil: [String] = []
        var releasedAll: [String] = []
        var interrupts: [ProtoInterruptRequest] = []
        var analyzed: [ProtoAnalyzePlanRequest] = []
        var configs: [ProtoConfigRequest] = []
        var artifacts: [ProtoAddArtifactsRequest] = []
        var sessionsReleased = 0
        var details: [String: ProtoFetchErrorDetailsResponse] = [:]
        var failures: [SparkMethod: [RPCError]] = [:]
        var sent = 0
        var headers: [Metadata] = []
        var badCRC = false
    }

    let state = Mutex(State())
    let token: String?
    let methods: Set<SparkMethod>
    let script: @Sendable (ProtoExecutePlanRequest) -> [Step]

    init(
        token: String? = nil,
        methods: Set<SparkMethod> = Set(SparkMethod.allCases),
        script: @escaping @Sendable (ProtoExecutePlanRequest) -> [Step] = { _ in [.complete] }
    ) {
        self.token = token
        self.methods = methods
        self.script = script
    }

    func read<Value: Sendable>(_ body: (State) -> Value) -> Value { state.withLock { body($0) } }

    /// Runs the server, and `body` with its address.
    ///
    /// - Parameters:
    ///   - fake: the server.
    ///   - security: plain text, or TLS.
    ///   - body: what is done while it runs.
    /// - Throws: what `body` throws.
    static func run(
        _ fake: FakeSpark,
        security: HTTP2ServerTransport.Posix.TransportSecurity = .plaintext,
        _ body: @Sendable (SparkURL) async throws -> Void
    ) async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: 0),
            transportSecurity: security,
            config: .defaults { config in
                // Delayed flushes make swift-nio-http2 write data before control frames, on which it asserts.
                config.connection.flushCoalescing = nil
                config.rpc.maxRequestPayloadSize = 1 << 24
            }
        )
        let server = GRPCServer(transport: transport, services: [fake])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            let port = try await transport.listeningAddress.ipv4?.port ?? 0
            try await body(try SparkURL(host: "127.0.0.1", port: port))
            server.beginGracefulShutdown()
            group.cancelAll()
        }
    }
}

extension FakeSpark: RegistrableRPCService {
    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        if methods.contains(.executePlan) {
            router.registerHandler(
                forMethod: SparkMethod.executePlan.descriptor,
                deserializer: SparkDeserializer<ProtoExecutePlanRequest>(),
                serializer: SparkSerializer<ProtoExecutePlanResponse>()
            ) { request, _ in try await self.execute(ServerRequest(stream: request)) }
        }
        router.registerHandler(
            forMethod: SparkMethod.reattachExecute.descriptor,
            deserializer: SparkDeserializer<ProtoReattachExecuteRequest>(),
            serializer: SparkSerializer<ProtoExecutePlanResponse>()
        ) { request, _ in try await self.reattach(ServerRequest(stream: request)) }
        router.registerHandler(
            forMethod: SparkMethod.addArtifacts.descriptor,
            deserializer: SparkDeserializer<ProtoAddArtifactsRequest>(),
            serializer: SparkSerializer<ProtoAddArtifactsResponse>()
        ) { request, _ in try await self.addArtifacts(request) }
        unary(&router, .releaseExecute, release)
        unary(&router, .analyzePlan, analyze)
        unary(&router, .config, config)
        unary(&router, .artifactStatus, artifactStatus)
        unary(&router, .interrupt, interrupt)
        unary(&router, .releaseSession, releaseSession)
        unary(&router, .fetchErrorDetails, fetchErrorDetails)
        unary(&router, .getStatus, getStatus)
    }

    private func unary<Request, Response>(
        _ router: inout RPCRouter<some ServerTransport>,
        _ method: SparkMethod,
        _ body: @escaping @Sendable (Request) throws -> Response
    ) where Request: SwiftProtobuf.Message, Response: SwiftProtobuf.Message {
        guard methods.contains(method) else { return }
        router.registerHandler(
            forMethod: method.descriptor,
            deserializer: SparkDeserializer<Request>(),
            serializer: SparkSerializer<Response>()
        ) { stream, _ in
            let request = try await ServerRequest(stream: stream)
            try self.admit(request.metadata, method)
            return StreamingServerResponse(single: ServerResponse(message: try body(request.message)))
        }
    }

    /// Checks the token, and fails when a test wants that of the next request of a method.
    func admit(_ metadata: Metadata, _ method: SparkMethod) throws {
        if let token, !metadata[stringValues: "authorization"].contains("Bearer \(token)") {
            throw RPCError(code: .unauthenticated, message: "Invalid authentication token")
        }
        let failure: RPCError? = state.withLock { state in
            state.headers.append(metadata)
            guard let first = state.failures[method]?.first else { return nil }
            state.failures[method]?.removeFirst()
            return first
        }
        if let failure { throw failure }
    }

    private func execute(
        _ request: ServerRequest<ProtoExecutePlanRequest>
    ) throws -> StreamingServerResponse<ProtoExecutePlanResponse> {
        let message = request.message
        state.withLock { $0.executed.append(message) }
        try admit(request.metadata, .executePlan)
        let exists = state.withLock { state in
            if state.operations[message.operationID] != nil { return true }
            state.operations[message.operationID] = Operation(steps: script(message), tags: message.tags)
            return false
        }
        if exists { throw FakeSpark.failure("INVALID_HANDLE.OPERATION_ALREADY_EXISTS", "it is there") }
        return play(message.operationID, message.sessionID, from: 0)
    }

    private func reattach(
        _ request: ServerRequest<ProtoReattachExecuteRequest>
    ) throws -> StreamingServerResponse<ProtoExecutePlanResponse> {
        let message = request.message
        state.withLock { $0.reattached.append(message) }
        try admit(request.metadata, .reattachExecute)
        guard state.withLock({ $0.operations[message.operationID] != nil }) else {
            throw FakeSpark.failure("INVALID_HANDLE.OPERATION_NOT_FOUND", "Operation not found.")
        }
        let last = message.hasLastResponseID ? Int(message.lastResponseID) ?? -1 : -1
        return play(message.operationID, message.sessionID, from: last + 1)
    }

    /// Sends the steps from one on; the id of a response is the number of its step.
    private func play(
        _ operationID: String,
        _ sessionID: String,
        from start: Int
    ) -> StreamingServerResponse<ProtoExecutePlanResponse> {
        StreamingServerResponse(metadata: [:]) { writer in
            var index = start
            while let (step, isUsed) = self.step(operationID, index) {
                defer { index += 1 }
                switch step {
                case .send(let message): try await self.send(message, operationID, sessionID, index, writer)
                case .complete:
                    let end = ProtoExecutePlanResponse.with { $0.resultComplete = .init() }
                    try await self.send(end, operationID, sessionID, index, writer)
                case .endStream: if !isUsed { return [:] }
                case .fail(let error): if !isUsed { throw error }
                case .hold:
                    await self.awaitInterrupt(operationID)
                    throw FakeSpark.failure("OPERATION_CANCELED", "Operation has been canceled.", sqlState: "HY008")
                case .changeSession: self.state.withLock { $0.serverSideID = "server-2" }
                case .otherSession: self.state.withLock { $0.sessionOverride = "another" }
                case .forget: self.state.withLock { $0.operations[operationID] = nil }
                }
            }
            return [:]
        }
    }

    private func step(_ operationID: String, _ index: Int) -> (Step, isUsed: Bool)? {
        state.withLock { state in
            guard let operation = state.operations[operationID], operation.steps.indices.contains(index) else {
                return nil
            }
            let isUsed = state.operations[operationID]?.used.insert(index).inserted == false
            return (operation.steps[index], isUsed)
        }
    }

    private func send(
        _ message: ProtoExecutePlanResponse,
        _ operationID: String,
        _ sessionID: String,
        _ index: Int,
        _ writer: RPCWriter<ProtoExecutePlanResponse>
    ) async throws {
        var message = message
        state.withLock { state in
            message.sessionID = state.sessionOverride ?? sessionID
            message.serverSideSessionID = state.serverSideID
            state.sent += 1
        }
        message.operationID = operationID
        message.responseID = String(index)
        try await writer.write(message)
    }

    private func awaitInterrupt(_ operationID: String) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.operations[operationID]?.isInterrupted != false || Task.isCancelled { return true }
                    state.waiting[operationID] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: operationID) }?.resume()
        }
    }
}
