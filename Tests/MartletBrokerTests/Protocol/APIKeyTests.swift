import Testing

@testable import MartletBroker

@Suite struct APIKeyTests {
    @Test func onlyProduceAcceptsFewerVersionsThanItTells() {
        for api in APIKey.allCases where api != .produce { #expect(api.accepted == api.versions) }
        #expect(APIKey.produce.versions == 0...9)
        #expect(APIKey.produce.accepted == 3...9)
    }

    // What librdkafka before 2.11.1 looks for before it uses a feature (`rdkafka_feature.c`).
    @Test(
        arguments: [
            (APIKey.produce, [0, 3, 7]), (.fetch, [4, 10]), (.findCoordinator, [0]), (.offsetCommit, [2]),
            (.offsetFetch, [1]), (.joinGroup, [0]), (.syncGroup, [0]), (.heartbeat, [0]), (.leaveGroup, [0]),
            (.listOffsets, [1]), (.initProducerID, [0]), (.saslHandshake, [0, 1]), (.saslAuthenticate, [0]),
            (.apiVersions, [0]),
        ] as [(APIKey, [Int16])]
    )
    func oldVersionsThatTurnFeaturesOn(api: APIKey, versions: [Int16]) {
        for version in versions { #expect(api.versions.contains(version)) }
    }

    @Test func namesAreKafkas() {
        #expect(APIKey.initProducerID.name == "InitProducerId")
        #expect(APIKey.offsetForLeaderEpoch.name == "OffsetForLeaderEpoch")
        #expect(APIKey.produce.name == "Produce")
    }

    @Test func errorCodesAreKafkas() {
        #expect(KafkaError.none.rawValue == 0)
        #expect(KafkaError.unknownTopicOrPartition.rawValue == 3)
        #expect(KafkaError.unsupportedVersion.rawValue == 35)
        #expect(KafkaError.unknownProducerID.rawValue == 59)
        #expect(KafkaError.memberIDRequired.rawValue == 79)
        #expect(KafkaError.producerFenced.rawValue == 90)
    }

    @Test func topicIDsPrintAsInKafka() throws {
        // From Python: base64.urlsafe_b64encode(uuid.UUID(...).bytes).
        let cases: [(UInt64, UInt64, String)] = [
            (0, 0, "AAAAAAAAAAAAAAAAAAAAAA"), (0, 1, "AAAAAAAAAAAAAAAAAAAAAQ"), (.max, .max, "_____________________w"),
            (0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, "ASNFZ4mrze_-3LqYdlQyEA"),
        ]
        for (high, low, text) in cases {
            let id = TopicID(high: high, low: low)
            #expect(id.description == text)
            #expect(TopicID(text) == id)
        }
        for wrong in ["", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAA+A"] {
            #expect(TopicID(wrong) == nil)
        }
    }
}
