import Testing

@testable import MartletBroker

@Suite struct WireHeaderTests {
    @Test func clientIDKeepsItsShortLengthInFlexibleVersions() throws {
        // ApiVersions 3 as librdkafka opens a connection: header with tags, body with two compact strings.
        let frame: [UInt8] = [
            0, 18, 0, 3, 0, 0, 0, 1, 0, 7, 0x72, 0x64, 0x6B, 0x61, 0x66, 0x6B, 0x61, 0,
            11, 0x6C, 0x69, 0x62, 0x72, 0x64, 0x6B, 0x61, 0x66, 0x6B, 0x61, 6, 0x32, 0x2E, 0x30, 0x2E, 0x32, 0,
        ]
        var reader = WireReader(frame)
        let header = try RequestHeader.read(&reader)
        #expect(header == RequestHeader(apiKey: 18, apiVersion: 3, correlationID: 1, clientID: "rdkafka"))
        let request = try ApiVersionsRequest.decode(&reader, version: 3)
        #expect(request == ApiVersionsRequest(clientSoftwareName: "librdkafka", clientSoftwareVersion: "2.0.2"))
    }

    @Test(
        arguments: [
            (18, 0, .served(.apiVersions)), (18, 5, .versionFallback), (18, -1, .versionFallback),
            (0, 2, .unsupported), (0, 3, .served(.produce)), (0, 10, .unsupported), (1, 13, .unsupported),
            (4, 0, .unsupported), (-1, 0, .unsupported), (68, 0, .unsupported),
        ] as [(Int16, Int16, RequestHeader.Support)]
    )
    func whatIsDoneWithARequest(key: Int16, version: Int16, support: RequestHeader.Support) throws {
        // Behind the fixed part of what is not served anything may follow.
        let isServed = if case .served = support { true } else { false }
        var writer = WireWriter()
        writer.int16(key)
        writer.int16(version)
        writer.int32(77)
        writer.int16(isServed ? -1 : 0x7FFF)
        var reader = WireReader(writer.bytes)
        let header = try RequestHeader.read(&reader)
        #expect(header.support == support)
        #expect(header.correlationID == 77)
    }

    @Test func unknownApiVersionsIsAnsweredInVersionZero() {
        let frame = WireBytes.joined(WireFrame.response(ApiVersionsResponse.fallback, version: 0, correlationID: 9))
        // Length, correlation id, error 35, one API: 18 from 0 to 4. No throttle time, no tags.
        #expect(frame == [0, 0, 0, 16, 0, 0, 0, 9, 0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 4])
    }

    @Test func answersToApiVersionsNeverHaveTagsInTheirHeader() throws {
        var writer = WireWriter()
        ResponseHeader(correlationID: 1).write(to: &writer, api: .apiVersions, version: 4)
        #expect(writer.bytes == [0, 0, 0, 1])
        ResponseHeader(correlationID: 1).write(to: &writer, api: .metadata, version: 9)
        #expect(writer.bytes == [0, 0, 0, 1, 0, 0, 0, 1, 0])
    }

    @Test func allApisAreTold() throws {
        let response = ApiVersionsResponse(of: APIKey.allCases)
        #expect(response.apiKeys.count == APIKey.allCases.count)
        let produce = try #require(response.apiKeys.first { $0.apiKey == 0 })
        #expect((produce.minVersion, produce.maxVersion) == (0, 9))
    }

    @Test func versionsThatAreNotAcceptedAreNotRead() {
        var reader = WireReader([UInt8](repeating: 0, count: 100))
        #expect(throws: WireError(reason: .version(2), offset: 0)) { try ProduceRequest.decode(&reader, version: 2) }
    }

    @Test func singleFormsOfOldVersions() throws {
        // A group of several, in versions that have room for one, gives that one or an empty one.
        for (keys, expected) in [(["a", "b"], "a"), ([], "")] as [([String], String)] {
            var writer = WireWriter()
            FindCoordinatorRequest(keys: keys).encode(to: &writer, version: 0)
            var reader = WireReader(writer.bytes)
            #expect(try FindCoordinatorRequest.decode(&reader, version: 0).keys == [expected])
        }
        var writer = WireWriter()
        let failed = LeaveGroupResponse.Member(memberID: "m", errorCode: .unknownMemberID)
        LeaveGroupResponse(members: [failed]).encode(to: &writer, version: 2)
        #expect(writer.bytes == [0, 0, 0, 0, 0, 25])
    }

    @Test func metadataOfAllTopics() throws {
        // Version 0 says it with an empty array, later ones with null; then an empty array means none.
        for (version, topics, bytes) in [
            (0, nil, [0, 0, 0, 0]), (1, nil, [0xFF, 0xFF, 0xFF, 0xFF]), (1, [], [0, 0, 0, 0]),
            (9, nil, [0, 1, 0, 0, 0]),
        ] as [(Int16, [MetadataRequest.Topic]?, [UInt8])] {
            let request = MetadataRequest(topics: topics)
            var writer = WireWriter()
            request.encode(to: &writer, version: version)
            #expect(writer.bytes == bytes)
            var reader = WireReader(bytes)
            #expect(try MetadataRequest.decode(&reader, version: version) == request)
        }
    }
}
