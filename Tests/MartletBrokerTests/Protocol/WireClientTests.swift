import Foundation
import Testing

@testable import MartletBroker

/// Requests of real clients and the answers of another broker; see `Tests/Peers/kafka_capture.py`.
@Suite struct WireClientTests {
    private struct Exchange: Decodable {
        var client: String
        var api: String
        var key: Int16
        var version: Int16
        var request: String
        /// Empty when there was no answer.
        var response: String
    }

    private let exchanges: [Exchange]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Fixtures/kafka/clients.json").standardized
        exchanges = try JSONDecoder().decode([Exchange].self, from: Data(contentsOf: file))
    }

    private func codec(_ exchange: Exchange, isRequest: Bool) throws -> MessageCodec {
        try #require(MessageCodec.all.first { $0.api.rawValue == exchange.key && $0.isRequest == isRequest })
    }

    @Test func fourClientsAreThere() {
        #expect(Set(exchanges.map(\.client)).count == 4)
        #expect(Set(exchanges.map(\.api)).count >= 25)
    }

    @Test func requestsAreReadToTheEndAndWrittenAlike() throws {
        for exchange in exchanges {
            let name = "\(exchange.client): \(exchange.api) \(exchange.version)"
            let frame = try #require(WireBytes.parse(exchange.request))
            let codec = try codec(exchange, isRequest: true)
            var reader = WireReader(frame[4...])
            let header = try RequestHeader.read(&reader)
            #expect(header.support == .served(codec.api), "\(name)")
            #expect(header.clientID?.isEmpty == false)
            let request = try codec.read(&reader, exchange.version)
            if leavesBytes(exchange, request) {
                #expect(reader.remaining == 3)
                continue
            }
            #expect(reader.remaining == 0, "\(name)")
            let again = codec.frame(
                request,
                exchange.version,
                correlationID: header.correlationID,
                clientID: header.clientID
            )
            #expect(WireBytes.hex(again) == exchange.request, "\(name)")
        }
    }

    /// librdkafka 2.16 asks for all topics with a count of four bytes where one is meant, so that three are left over (its issue 5049).
    private func leavesBytes(_ exchange: Exchange, _ request: any WireMessage) -> Bool {
        guard exchange.client == "librdkafka 2.16.1", let request = request as? MetadataRequest else { return false }
        return request.topics == nil
    }

    @Test func answersAreReadToTheEndAndWrittenAlike() throws {
        for exchange in exchanges where !exchange.response.isEmpty {
            let name = "\(exchange.client): \(exchange.api) \(exchange.version)"
            let frame = try #require(WireBytes.parse(exchange.response))
            let codec = try codec(exchange, isRequest: false)
            var reader = WireReader(frame[4...])
            let number = try codec.readHeader(&reader, exchange.version)
            let response = try codec.read(&reader, exchange.version)
            #expect(reader.remaining == 0, "\(name)")
            let again = codec.frame(response, exchange.version, correlationID: number, clientID: nil)
            // Tansu tags `topic_config_error_code`.
            let isTagged = exchange.api == "CreateTopics" && exchange.version == 7
            #expect((WireBytes.hex(again) == exchange.response) != isTagged, "\(name)")
        }
    }
}
