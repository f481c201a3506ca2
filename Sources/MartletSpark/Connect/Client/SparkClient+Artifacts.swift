internal import GRPCCore
import MartletCore
internal import SwiftProtobuf

extension SparkClient {
    /// Which of these files the session has.
    ///
    /// Servers only tell of data under `cache/`; of others they say that it is not there.
    ///
    /// - Throws: ``SparkError``; `CancellationError`.
    package func artifactsPresent(_ names: [String]) async throws -> Set<String> {
        try checkOpen()
        return try await calls.retrying {
            let request = ProtoArtifactStatusesRequest.with {
                $0.sessionID = session.id
                if let observed = session.observedServerSideID { $0.clientObservedServerSideSessionID = observed }
                $0.userContext = session.userContext
                $0.clientType = session.clientType
                $0.names = names
            }
            let answer: ProtoArtifactStatusesResponse = try await connection.unary(
                .artifactStatus,
                request,
                timeout: .seconds(Limits.sparkRequestSeconds)
            )
            try session.check(sessionID: answer.sessionID, serverSideID: answer.serverSideSessionID)
            return Set(answer.statuses.filter(\.value.exists).keys)
        }
    }

    /// Gives the session files; those that it has by their hash are not sent again.
    ///
    /// - Throws: ``SparkError`` with `sparkArtifactRefused` for a file that is too large, and when one arrived damaged;
    ///   `CancellationError`.
    package func addArtifacts(_ artifacts: [SparkArtifact]) async throws {
        try checkOpen()
        for artifact in artifacts where artifact.bytes.count > Limits.sparkArtifactBytes {
            throw refusal(artifact.name, "it is larger than \(Limits.sparkArtifactBytes) bytes")
        }
        let cached = artifacts.map(\.name).filter { $0.hasPrefix("cache/") }
        let present = cached.isEmpty ? [] : try await artifactsPresent(cached)
        let missing = artifacts.filter { !present.contains($0.name) }
        guard !missing.isEmpty else { return }
        let session = self.session
        let answer: ProtoAddArtifactsResponse = try await calls.retrying {
            try await connection.upload(.addArtifacts) { writer in
                for payload in ArtifactUpload(missing) {
                    let request = ProtoAddArtifactsRequest.with {
                        $0.sessionID = session.id
                        if let observed = session.observedServerSideID {
                            $0.clientObservedServerSideSessionID = observed
                        }
                        $0.userContext = session.userContext
                        $0.clientType = session.clientType
                        $0.payload = payload
                    }
                    try await writer.write(request)
                }
            }
        }
        try session.check(sessionID: answer.sessionID, serverSideID: answer.serverSideSessionID)
        for summary in answer.artifacts where !summary.isCrcSuccessful {
            throw refusal(summary.name, "its checksum is another there than here")
        }
    }

    private func refusal(_ name: String, _ why: String) -> SparkError {
        SparkError(
            .retryable,
            MartletError(
                .sparkArtifactRefused,
                "\(name) did not reach the Spark server at \(session.server)",
                reason: why,
                remedy: "send it again"
            )
        )
    }
}
