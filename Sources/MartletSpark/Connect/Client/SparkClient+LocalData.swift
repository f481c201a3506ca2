internal import Crypto
internal import Foundation
import MartletCore
internal import SwiftProtobuf

extension SparkClient {
    /// A relation of rows that this program has, as an Arrow IPC stream.
    ///
    /// Up to `Limits.sparkInlineDataBytes` the rows go with each plan; more are uploaded once, under the hash of their
    /// content, and stay until the session ends.
    ///
    /// - Parameters:
    ///   - arrow: the stream, which has the columns in it.
    ///   - schema: the columns as Spark is to see them, when they differ from the stream's.
    /// - Returns: the relation.
    /// - Throws: ``SparkError`` for more than `Limits.sparkLocalDataBytes`, and when the upload fails;
    ///   `CancellationError`.
    package func relation(ofArrow arrow: [UInt8], schema: SparkDataType? = nil) async throws -> SparkRelation {
        guard arrow.count <= Limits.sparkLocalDataBytes else {
            throw SparkError(
                .user,
                MartletError(
                    .sparkValueInvalid,
                    "local data of \(arrow.count) bytes is too large",
                    reason: "at most \(Limits.sparkLocalDataBytes) bytes go to the server this way",
                    remedy: "write the rows to files that Spark can read"
                )
            )
        }
        let local = ProtoLocalRelation.with {
            $0.data = Data(arrow)
            if let schema { $0.schema = schema.ddl }
        }
        guard arrow.count > Limits.sparkInlineDataBytes else { return SparkRelation(.localRelation(local)) }
        // The cached artifact is the message itself, not the rows alone.
        let bytes: [UInt8] = try local.serializedBytes()
        let hash = SHA256.hash(data: bytes).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        try await addArtifacts([SparkArtifact(cached: hash, bytes)])
        return SparkRelation(.cachedLocalRelation(.with { $0.hash = hash }))
    }
}
