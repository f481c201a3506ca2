import GRPCCore
import MartletCore
import SwiftProtobuf
import Synchronization

@testable import MartletSpark

extension FakeSpark {
    /// A failure as Spark reports it: status INTERNAL, with the condition in the details.
    static func failure(
        _ errorClass: String,
        _ message: String,
        sqlState: String? = nil,
        errorID: String? = nil,
        exception: String = "org.apache.spark.SparkException",
        code: RPCError.Code = .internalError,
        retryAfter: Duration? = nil
    ) -> RPCError {
        var metadata = ["errorClass": errorClass, "classes": "[\"\(exception)\"]", "messageParameters": "{}"]
        metadata["sqlState"] = sqlState
        metadata["errorId"] = errorID
        let info = ProtoRPCErrorInfo.with {
            $0.reason = exception
            $0.domain = "org.apache.spark"
            $0.metadata = metadata
        }
        var details: [ProtoRPCDetail] = []
        if let bytes: [UInt8] = try? info.serializedBytes() {
            details.append(
                .with {
                    $0.typeURL = "type.googleapis.com/google.rpc.ErrorInfo"
                    $0.value = .init(bytes)
                }
            )
        }
        if let retryAfter {
            let retry = ProtoRPCRetryInfo.with {
                $0.retryDelay = .with {
                    $0.seconds = retryAfter.components.seconds
                    $0.nanos = Int32(retryAfter.components.attoseconds / 1_000_000_000)
                }
            }
            if let bytes: [UInt8] = try? retry.serializedBytes() {
                details.append(
                    .with {
                        $0.typeURL = "type.googleapis.com/google.rpc.RetryInfo"
                        $0.value = .init(bytes)
                    }
                )
            }
        }
        let text = "[\(errorClass)] \(message)"
        let status = ProtoRPCStatus.with {
            $0.code = Int32(code.rawValue)
            $0.message = text
            $0.details = details
        }
        var trailers = Metadata()
        if let bytes: [UInt8] = try? status.serializedBytes() {
            trailers.addBinary(bytes, forKey: "grpc-status-details-bin")
        }
        return RPCError(code: code, message: text, metadata: trailers)
    }

    /// A response with the columns of a result.
    static func schema(_ type: SparkDataType) -> Step { .send(.with { $0.schema = type.proto }) }

    /// A batch, or a chunk of one.
    static func batch(
        rows: Int64,
        offset: Int64? = nil,
        _ bytes: [UInt8] = [],
        chunk: Int64? = nil,
        of chunks: Int64? = nil
    ) -> Step {
        .send(
            .with {
                $0.arrowBatch = .with {
                    $0.rowCount = rows
                    $0.data = .init(bytes)
                    if let offset { $0.startOffset = offset }
                    if let chunk { $0.chunkIndex = chunk }
                    if let chunks { $0.numChunksInBatch = chunks }
                }
            }
        )
    }

    /// A report of how far it is.
    static func progress(done: Int64, of tasks: Int64) -> Step {
        .send(
            .with {
                $0.executionProgress = .with {
                    $0.numInflightTasks = 1
                    $0.stages = [
                        .with {
                            $0.stageID = 7
                            $0.numTasks = tasks
                            $0.numCompletedTasks = done
                            $0.inputBytesRead = 100 * done
                        }
                    ]
                }
            }
        )
    }

    func release(_ request: ProtoReleaseExecuteRequest) throws -> ProtoReleaseExecuteResponse {
        state.withLock { state in
            switch request.release {
            case .releaseUntil(let until): state.releasedUntil.append(until.responseID)
            default:
                state.releasedAll.append(request.operationID)
                state.operations[request.operationID] = nil
            }
        }
        return .with { $0.sessionID = request.sessionID }
    }

    func interrupt(_ request: ProtoInterruptRequest) throws -> ProtoInterruptResponse {
        let (ids, waiting) = state.withLock { state in
            state.interrupts.append(request)
            let ids = state.operations.filter { id, operation in
                switch request.interrupt {
                case .operationID(let wanted): id == wanted
                case .operationTag(let tag): operation.tags.contains(tag)
                case nil: true
                }
            }.keys
            for id in ids { state.operations[id]?.isInterrupted = true }
            return (Array(ids), ids.compactMap { state.waiting.removeValue(forKey: $0) })
        }
        for continuation in waiting { continuation.resume() }
        return .with {
            $0.sessionID = request.sessionID
            $0.interruptedIds = ids
        }
    }

    func releaseSession(_ request: ProtoReleaseSessionRequest) throws -> ProtoReleaseSessionResponse {
        state.withLock { $0.sessionsReleased += 1 }
        return .with { $0.sessionID = request.sessionID }
    }

    func fetchErrorDetails(_ request: ProtoFetchErrorDetailsRequest) throws -> ProtoFetchErrorDetailsResponse {
        guard let details = state.withLock({ $0.details[request.errorID] }) else { return .init() }
        return details
    }

    func getStatus(_ request: ProtoGetStatusRequest) throws -> ProtoGetStatusResponse {
        state.withLock { state in
            .with { answer in
                answer.sessionID = request.sessionID
                answer.serverSideSessionID = state.serverSideID
                answer.operationStatuses = request.operationStatus.operationIds.map { id in
                    .with {
                        $0.operationID = id
                        $0.state = state.operations[id] == nil ? .unknown : .running
                    }
                }
            }
        }
    }

    func analyze(_ request: ProtoAnalyzePlanRequest) throws -> ProtoAnalyzePlanResponse {
        let serverSideID = state.withLock { state in
            state.analyzed.append(request)
            return state.serverSideID
        }
        return .with {
            $0.sessionID = request.sessionID
            $0.serverSideSessionID = serverSideID
            switch request.analyze {
            case .sparkVersion: $0.sparkVersion = .with { $0.version = "4.0.1" }
            case .explain: $0.explain = .with { $0.explainString = "== Physical Plan ==" }
            case .inputFiles: $0.inputFiles = .with { $0.files = ["file:/a", "file:/b"] }
            case .treeString: $0.treeString = .with { $0.treeString = "root\n" }
            case .schema: $0.schema = .with { $0.schema = SparkDataType.structure([SparkField("id", .long)]).proto }
            case .ddlParse: $0.ddlParse = .with { $0.parsed = SparkDataType.structure([SparkField("id", .long)]).proto }
            case .isStreaming: $0.isStreaming = .with { $0.isStreaming = true }
            case .persist: $0.persist = .init()
            case .unpersist: $0.unpersist = .init()
            case nil: break
            }
        }
    }

    func config(_ request: ProtoConfigRequest) throws -> ProtoConfigResponse {
        let serverSideID = state.withLock { state in
            state.configs.append(request)
            return state.serverSideID
        }
        return .with {
            $0.sessionID = request.sessionID
            $0.serverSideSessionID = serverSideID
            switch request.operation.opType {
            case .get(let get):
                $0.pairs = get.keys.map { key in
                    .with {
                        $0.key = key
                        $0.value = "value of \(key)"
                    }
                }
            case .getOption(let get): $0.pairs = get.keys.map { key in .with { $0.key = key } }
            case .isModifiable(let asked):
                $0.pairs = asked.keys.map { key in
                    .with {
                        $0.key = key
                        $0.value = "true"
                    }
                }
            case .getAll:
                $0.pairs = [
                    .with {
                        $0.key = "a"
                        $0.value = "1"
                    }
                ]
            default: break
            }
        }
    }

    func artifactStatus(_ request: ProtoArtifactStatusesRequest) throws -> ProtoArtifactStatusesResponse {
        let known = state.withLock { state in
            Set(
                state.artifacts.flatMap { request -> [String] in
                    switch request.payload {
                    case .batch(let batch): batch.artifacts.map(\.name)
                    case .beginChunk(let begin): [begin.name]
                    default: []
                    }
                }
            )
        }
        return .with { answer in
            answer.sessionID = request.sessionID
            for name in request.names { answer.statuses[name] = .with { $0.exists = known.contains(name) } }
        }
    }

    func addArtifacts(
        _ request: StreamingServerRequest<ProtoAddArtifactsRequest>
    ) async throws -> StreamingServerResponse<ProtoAddArtifactsResponse> {
        try admit(request.metadata, .addArtifacts)
        var names: [String] = []
        var sessionID = ""
        for try await message in request.messages {
            sessionID = message.sessionID
            state.withLock { $0.artifacts.append(message) }
            switch message.payload {
            case .batch(let batch): names += batch.artifacts.map(\.name)
            case .beginChunk(let begin): names.append(begin.name)
            default: break
            }
        }
        let isGood = !state.withLock { $0.badCRC }
        let answer = ProtoAddArtifactsResponse.with { answer in
            answer.sessionID = sessionID
            answer.artifacts = names.map { name in
                .with {
                    $0.name = name
                    $0.isCrcSuccessful = isGood
                }
            }
        }
        return StreamingServerResponse(single: ServerResponse(message: answer))
    }
}
