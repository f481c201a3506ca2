internal import GRPCCore
import MartletCore
internal import SwiftProtobuf
internal import Synchronization

/// Runs one operation on the server: does what an ``ExecutionMachine`` decides, and hands over what arrives.
final class ExecutionDriver: Sendable {
    private let calls: SparkCalls
    private let plan: ProtoPlan
    private let operationID: String
    private let tags: [String]
    private let channel: EventChannel<SparkEvent>
    private let state: Mutex<State>

    private struct State {
        var machine: ExecutionMachine
        var assembler = BatchAssembler()
        var progress: SparkProgress?
        var relation: SparkRelation?
        var responses = 0
        var isStarted = false
        var isUnderWay = false
        var isContinued = false
    }

    /// A driver of one operation.
    init(
        _ calls: SparkCalls,
        plan: ProtoPlan,
        operationID: String,
        tags: [String],
        channel: EventChannel<SparkEvent>
    ) {
        self.calls = calls
        self.plan = plan
        self.operationID = operationID
        self.tags = tags
        self.channel = channel
        let machine = ExecutionMachine(
            policy: calls.options.retry,
            releaseBytes: Limits.sparkUnreleasedBytes,
            releaseMessages: Limits.sparkUnreleasedMessages
        )
        state = Mutex(State(machine: machine))
    }

    /// Runs the operation to its end.
    ///
    /// - Returns: the relation that a SQL command leaves to be read, if it does.
    /// - Throws: ``SparkError``; `CancellationError` after the server was told to stop.
    func run() async throws -> SparkRelation? {
        let (releases, release) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
        let calls = self.calls
        let operationID = self.operationID
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Of several that wait only the newest counts: it covers the former.
                    for await id in releases { await calls.release(operationID, until: id) }
                }
                defer { release.finish() }
                try await self.drive(release)
                group.cancelAll()
            }
        } catch is CancellationError {
            await abandon()
            throw CancellationError()
        } catch {
            await ExecutionDriver.detached { await calls.release(operationID, until: nil) }
            throw error
        }
        return state.withLock { $0.relation }
    }

    /// Lets the server forget the operation, after all was handed over.
    func release() async {
        let calls = self.calls
        let operationID = self.operationID
        await ExecutionDriver.detached { await calls.release(operationID, until: nil) }
    }

    private func drive(_ release: AsyncStream<String>.Continuation) async throws {
        var action = state.withLock { $0.machine.start() }
        var last: SparkFailure?
        while true {
            switch action {
            case .execute: action = try await open(.executePlan, executeRequest, release, &last)
            case .reattach(let id): action = try await open(.reattachExecute, reattachRequest(id), release, &last)
            case .wait(let delay, _):
                try await calls.options.sleep(delay)
                action = state.withLock { $0.machine.waited() }
            case .finish:
                let assembler = state.withLock { $0.assembler }
                do throws(BatchAssembler.Fault) { try assembler.end() } catch { throw violation(error) }
                return
            case .read: throw violation(BatchAssembler.Fault(text: "an answer came while none was awaited"))
            case .fail(let verdict): throw await error(verdict, last)
            }
        }
    }

    private func open<Request: SwiftProtobuf.Message>(
        _ method: SparkMethod,
        _ request: Request,
        _ release: AsyncStream<String>.Continuation,
        _ last: inout SparkFailure?
    ) async throws -> ExecutionMachine.Action {
        let before = state.withLock { state in
            state.isContinued = method == .reattachExecute && state.responses > 0
            return state.responses
        }
        do {
            let isFinished = try await calls.connection.stream(method, request) { responses in
                for try await response in responses {
                    if try await self.receive(response, release) { return true }
                }
                return false
            }
            try Task.checkCancellation()
            if isFinished { return .finish }
            let random = calls.options.random()
            return state.withLock { $0.machine.streamEnded(responses: $0.responses - before, random: random) }
        } catch let failure as SparkFailure {
            last = failure
            let random = calls.options.random()
            return state.withLock { $0.machine.streamFailed(failure.forExecution, random: random) }
        }
    }

    /// Takes one response.
    ///
    /// - Returns: whether it was the last.
    private func receive(_ response: ExecuteResponse, _ release: AsyncStream<String>.Continuation) async throws -> Bool
    {
        let message = response.message
        try calls.session.check(sessionID: message.sessionID, serverSideID: message.serverSideSessionID)
        var isComplete = false
        if case .resultComplete = message.responseType { isComplete = true }
        let (events, (action, until)) = try state.withLock { state throws in
            state.responses += 1
            let events = try self.events(of: response, &state)
            let next = state.machine.received(
                responseID: message.responseID,
                byteCount: response.byteCount,
                isResultComplete: isComplete
            )
            return (events, next)
        }
        for event in events { try await channel.send(event) }
        if let until { release.yield(until) }
        return action == .finish
    }

    private func events(of response: ExecuteResponse, _ state: inout State) throws -> [SparkEvent] {
        let message = response.message
        if message.isOfWorkUnderWay { state.isUnderWay = true }
        var events: [SparkEvent] = []
        if !state.isStarted {
            state.isStarted = true
            events.append(.started(operationID: operationID))
        }
        if state.isContinued {
            state.isContinued = false
            events.append(.reattached)
        }
        if message.hasSchema, let type = SparkDataType(message.schema) { events.append(.schema(type)) }
        switch message.responseType {
        case .arrowBatch(let batch):
            do throws(BatchAssembler.Fault) {
                if let data = try state.assembler.add(batch, response.data ?? SparkBytes([])) {
                    events.append(.batch(data))
                }
            } catch {
                throw violation(error)
            }
        case .executionProgress(let progress):
            let progress = SparkProgress(progress)
            if state.progress != progress { events.append(.progress(progress)) }
            state.progress = progress
        case .sqlCommandResult(let result): state.relation = SparkRelation(result.relation)
        case .writeStreamOperationStartResult(let result):
            let name = result.name.isEmpty ? nil : result.name
            events.append(.streamStarted(SparkStreamID(id: result.queryID.id, runID: result.queryID.runID, name: name)))
        case .streamingQueryCommandResult(let result): events.append(.stream(SparkStreamAnswer(result)))
        case .resultComplete, nil: break
        }
        events += message.observedMetrics.map { .observation(SparkObservation($0)) }
        if message.hasMetrics { events.append(.metrics(message.metrics.metrics.map(SparkMetric.init))) }
        return events
    }

    private func error(_ verdict: ExecutionMachine.Verdict, _ last: SparkFailure?) async -> SparkError {
        switch verdict {
        case .failed:
            if let last { return await calls.explained(last) }
            return violation(BatchAssembler.Fault(text: "it ended without a reason"))
        case .resultLost:
            return SparkError(
                .retryable,
                MartletError(
                    .sparkResultLost,
                    "the rest of a result is gone from the Spark server at \(calls.session.server)",
                    reason: "the server forgot the operation \(operationID) before all of it was read",
                    remedy: "run it again, and read it without long pauses",
                    cause: last?.message
                ),
                errorClass: last?.errorClass,
                sqlState: last?.sqlState
            )
        case .noProgress:
            return SparkError(
                .infrastructure,
                MartletError(
                    .sparkProtocolViolated,
                    "the Spark server at \(calls.session.server) ends its answers before they begin",
                    remedy: "look at the server's log, and for a proxy between that closes streams"
                )
            )
        }
    }

    private func violation(_ fault: BatchAssembler.Fault) -> SparkError {
        SparkError(
            .infrastructure,
            MartletError(
                .sparkProtocolViolated,
                "the Spark server at \(calls.session.server) sent what does not fit: \(fault.text)",
                remedy: "run it again; if it stays, the server and this client do not fit"
            )
        )
    }

    /// Tells the server to stop and forget the operation, whose reader is gone.
    private func abandon() async {
        let calls = self.calls
        let operationID = self.operationID
        let (wasHeardOf, isUnderWay) = state.withLock { ($0.responses > 0, $0.isUnderWay) }
        let reattach = reattachRequest(state.withLock { $0.machine.lastResponseID })
        await ExecutionDriver.detached {
            if !isUnderWay { await calls.untilUnderWay(reattach) }
            // The plan may still be on its way, so that the server does not know it yet.
            let began = ContinuousClock.now
            for attempt in 0..<5 {
                let ids = try? await calls.interrupt(.operation(operationID), within: Limits.sparkCleanupSeconds)
                if let ids, wasHeardOf || !ids.isEmpty { break }
                // A request that fails must not leave the work running for nobody; but whoever ends us does not wait for
                // long for a server that is gone.
                guard ContinuousClock.now - began < .seconds(Limits.sparkCleanupSeconds) else { break }
                try? await calls.options.sleep(.milliseconds((ids == nil ? 200 : 50) << attempt))
            }
            await calls.release(operationID, until: nil)
        }
    }

    /// Does something in a task of its own, which the cancellation of this one does not reach, and waits for it.
    private static func detached(_ body: @escaping @Sendable () async -> Void) async {
        await Task { await body() }.value
    }

    private var executeRequest: ProtoExecutePlanRequest {
        .with {
            $0.sessionID = calls.session.id
            if let observed = calls.session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
            $0.userContext = calls.session.userContext
            $0.clientType = calls.session.clientType
            $0.operationID = operationID
            $0.plan = plan
            $0.tags = tags
            $0.requestOptions = [.with { $0.reattachOptions = .with { $0.reattachable = true } }]
            if let bytes = calls.options.preferredChunkBytes {
                $0.requestOptions.append(
                    .with {
                        $0.resultChunkingOptions = .with {
                            $0.allowArrowBatchChunking = true
                            $0.preferredArrowChunkSize = Int64(bytes)
                        }
                    }
                )
            }
        }
    }

    private func reattachRequest(_ responseID: String?) -> ProtoReattachExecuteRequest {
        .with {
            $0.sessionID = calls.session.id
            if let observed = calls.session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
            $0.userContext = calls.session.userContext
            $0.clientType = calls.session.clientType
            $0.operationID = operationID
            if let responseID { $0.lastResponseID = responseID }
        }
    }
}
