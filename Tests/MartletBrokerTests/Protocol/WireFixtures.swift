import Foundation
import Testing

@testable import MartletBroker

/// Messages that kafka-python encoded, with the values it was given; see `Tests/Peers/kafka_wire.py`.
enum WireFixtures {
    /// One message in one version.
    struct Fixture: Sendable, CustomTestStringConvertible {
        var codec: MessageCodec
        var version: Int16
        /// Whether the bytes are a frame with length and header, or a body alone.
        var isFrame: Bool
        /// Whether the bytes hold tagged fields, which are never written.
        var isTagged: Bool
        var bytes: [UInt8]
        var value: WireFact

        var testDescription: String { "\(codec.name) v\(version)" }

        /// The body, behind length and header.
        func body() throws -> ArraySlice<UInt8> {
            guard isFrame else { return bytes[...] }
            var reader = WireReader(bytes[4...])
            try codec.readHeader(&reader, version)
            return reader.bytes[reader.position...]
        }
    }

    /// All of them.
    static let all: [Fixture] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/kafka/wire.json").standardized
        do {
            let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
            let groups = (json as? [String: Any])?["fixtures"] as? [[String: Any]] ?? []
            return try groups.flatMap(expand)
                .sorted { ($0.codec.name, $0.version, $0.bytes.count) < ($1.codec.name, $1.version, $1.bytes.count) }
        } catch {
            Issue.record("\(file.lastPathComponent): \(error)")
            return []
        }
    }()

    /// One value, in all versions that have just its fields.
    private static func expand(_ group: [String: Any]) throws -> [Fixture] {
        let direction = try #require(group["direction"] as? String)
        let key = try #require(group["key"] as? Int)
        let kind = try #require(group["kind"] as? String)
        let value = WireFact(json: try #require(group["value"]))
        let versions = try #require(group["hex"] as? [String: String])
        let codec = try #require(
            MessageCodec.all.first {
                Int($0.api.rawValue) == key && $0.isRequest == (direction == "request")
            }
        )
        return try versions.map { version, hex in
            Fixture(
                codec: codec,
                version: try #require(Int16(version)),
                isFrame: kind == "full",
                isTagged: kind == "tagged",
                bytes: try #require(WireBytes.parse(hex)),
                value: value
            )
        }
    }
}
