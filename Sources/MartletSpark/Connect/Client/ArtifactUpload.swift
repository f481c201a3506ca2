internal import Foundation
import MartletCore
internal import SwiftProtobuf

/// The messages of an upload: small files share one, large ones follow in chunks.
struct ArtifactUpload: Sequence, IteratorProtocol {
    private var small: [[SparkArtifact]]
    private var large: ArraySlice<SparkArtifact>
    private var current: (artifact: SparkArtifact, offset: Int)?
    private let chunkBytes: Int

    /// The messages of files.
    ///
    /// - Parameters:
    ///   - artifacts: the files.
    ///   - chunkBytes: how much one message holds.
    init(_ artifacts: [SparkArtifact], chunkBytes: Int = Limits.sparkArtifactChunkBytes) {
        self.chunkBytes = Swift.max(1, chunkBytes)
        var groups: [[SparkArtifact]] = []
        var room = 0
        for artifact in artifacts where artifact.bytes.count <= self.chunkBytes {
            if groups.isEmpty || artifact.bytes.count > room {
                groups.append([])
                room = self.chunkBytes
            }
            groups[groups.count - 1].append(artifact)
            room -= artifact.bytes.count
        }
        small = groups.reversed()
        large = artifacts.filter { $0.bytes.count > chunkBytes }[...]
    }

    /// What the next message holds, or nil after the last.
    mutating func next() -> ProtoAddArtifactsRequest.OneOf_Payload? {
        if let group = small.popLast() {
            return .batch(
                .with {
                    $0.artifacts = group.map { artifact in
                        .with {
                            $0.name = artifact.name
                            $0.data = ArtifactUpload.chunk(artifact.bytes[...])
                        }
                    }
                }
            )
        }
        if let (artifact, offset) = current {
            let end = Swift.min(offset + chunkBytes, artifact.bytes.count)
            current = end < artifact.bytes.count ? (artifact, end) : nil
            return .chunk(ArtifactUpload.chunk(artifact.bytes[offset..<end]))
        }
        guard let artifact = large.popFirst() else { return nil }
        current = (artifact, chunkBytes)
        return .beginChunk(
            .with {
                $0.name = artifact.name
                $0.totalBytes = Int64(artifact.bytes.count)
                $0.numChunks = Int64((artifact.bytes.count + chunkBytes - 1) / chunkBytes)
                $0.initialChunk = ArtifactUpload.chunk(artifact.bytes.prefix(chunkBytes))
            }
        )
    }

    private static func chunk(_ bytes: ArraySlice<UInt8>) -> ProtoAddArtifactsRequest.ArtifactChunk {
        .with {
            $0.data = Data(bytes)
            $0.crc = Int64(CRC32.checksum(bytes))
        }
    }
}

/// The checksum that Java's `CRC32` gives (ISO 3309, polynomial EDB88320).
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    /// The checksum of bytes.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { value, byte in
            value >> 8 ^ table[Int((value ^ UInt32(byte)) & 0xFF)]
        }
    }
}
