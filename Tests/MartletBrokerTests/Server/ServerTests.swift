import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// The server through its socket.
@Suite(.timeLimit(.minutes(30)))
struct ServerTests {
    @Test func whatIsAppendedIsRead() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t", partitions: 2)
            #expect(try await client.produce(["a", "b"], to: "t").baseOffset == 0)
            #expect(try await client.produce(["c"], to: "t").baseOffset == 2)
            #expect(try await client.produce(["d"], to: "t", partition: 1).baseOffset == 0)
            let (values, answer) = try await client.fetch("t")
            #expect(values == ["a", "b", "c"])
            #expect(answer.highWatermark == 3 && answer.lastStableOffset == 3 && answer.logStartOffset == 0)
            #expect(try await client.fetch("t", from: 1).values == ["b", "c"])
            #expect(try await client.fetch("t", from: 3).values.isEmpty)
            #expect(try await client.fetch("t", from: 4).answer.errorCode == .offsetOutOfRange)
            #expect(try await client.fetch("u").answer.errorCode == .unknownTopicOrPartition)
        }
    }

    @Test(arguments: [LogConfiguration.FlushPolicy.system, .always, .interval])
    func aRestartLosesNothing(flush: LogConfiguration.FlushPolicy) async throws {
        try await ServerBench.run(flush: flush) { bench in
            var client = try await bench.connect()
            try await client.makeTopic("t")
            _ = try await client.produce(["a"], to: "t")
            let metadata = try await client.ask(MetadataRequest(topics: nil), version: 12)
            try await bench.stop()
            #expect(await client.frame() == nil)
            try await bench.start()
            client = try await bench.connect()
            #expect(try await client.produce(["b"], to: "t").baseOffset == 1)
            #expect(try await client.fetch("t").values == ["a", "b"])
            let again = try await client.ask(MetadataRequest(topics: nil), version: 12)
            #expect(
                again.clusterID == metadata.clusterID && again.topics.map(\.topicID) == metadata.topics.map(\.topicID)
            )
        }
    }

    @Test func aFetchWaitsForRecords() async throws {
        try await ServerBench.run { bench in
            let (reader, writer) = (try await bench.connect(), try await bench.connect())
            try await writer.makeTopic("t")
            try await reader.send(WireClient.fetchRequest("t", wait: 60_000), version: 12)
            // Answers come in order: when this one is there the fetch waits already.
            _ = try await writer.produce(["late"], to: "t")
            let answer = try await reader.receive(FetchResponse.self, version: 12)
            let partition = try #require(answer.topics.first?.partitions.first)
            #expect(try WireClient.values(partition, from: 0) == ["late"])
        }
    }

    @Test func answersComeInTheOrderOfRequests() async throws {
        try await ServerBench.run { bench in
            let (client, writer) = (try await bench.connect(), try await bench.connect())
            try await client.makeTopic("t")
            try await client.send(WireClient.fetchRequest("t", wait: 60_000), version: 12, id: 7)
            try await client.send(ApiVersionsRequest(), version: 3, id: 8)
            _ = try await writer.produce(["x"], to: "t")
            _ = try await client.receive(FetchResponse.self, version: 12, id: 7)
            #expect(try await client.receive(ApiVersionsResponse.self, version: 3, id: 8).errorCode == .none)
        }
    }

    @Test func anAppendWithoutAcknowledgementHasNoAnswer() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            try await client.send(try WireClient.produceRequest(["quiet"], to: "t", acks: 0), version: 9, id: 3)
            #expect(try await client.fetch("t").values == ["quiet"])
            // An error can only be told by closing.
            try await client.send(try WireClient.produceRequest(["lost"], to: "none", acks: 0), version: 9, id: 4)
            #expect(await client.frame() == nil)
        }
    }

    @Test func newerVersionsOfApiVersionsAreAnsweredInTheOldest() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            var writer = WireWriter()
            writer.int32(0)
            for number: Int16 in [18, 99] { writer.int16(number) }
            writer.int32(5)
            writer.patch(Int32(writer.count - 4), at: 0)
            try await client.send(writer.bytes)
            let answer = try await client.receive(ApiVersionsResponse.self, version: 0, id: 5)
            #expect(answer.errorCode == .unsupportedVersion)
            #expect(answer.apiKeys.contains { $0.apiKey == 18 })
            #expect(try await client.ask(ApiVersionsRequest(), version: 3).apiKeys.count == APIKey.allCases.count)
        }
    }

    @Test(
        arguments: [
            [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 2, 1, 2],
            // An API that does not exist; a version that does not; a body that is cut.
            [0, 0, 0, 10, 0x7F, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF],
            [0, 0, 0, 10, 0, 0, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF],
            [0, 0, 0, 11, 0, 3, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF, 9],
        ] as [[UInt8]]
    )
    func nonsenseEndsTheConnectionAndNothingElse(bytes: [UInt8]) async throws {
        try await ServerBench.run { bench in
            let (other, client) = (try await bench.connect(), try await bench.connect())
            try await client.send(bytes)
            #expect(await client.frame() == nil)
            #expect(try await other.ask(ApiVersionsRequest(), version: 3).errorCode == .none)
        }
    }

    @Test func topicsAreMadeChangedAndDeleted() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            func create(_ topic: CreateTopicsRequest.Topic) async throws -> KafkaError? {
                try await client.ask(CreateTopicsRequest(topics: [topic]), version: 7).topics.first?.errorCode
            }
            #expect(try await create(.init(name: "t", numPartitions: 1)) == .topicAlreadyExists)
            #expect(try await create(.init(name: "../etc", numPartitions: 1)) == .invalidTopic)
            #expect(try await create(.init(name: "u", numPartitions: 0)) == .invalidPartitions)
            #expect(try await create(.init(name: "u", replicationFactor: 3)) == .invalidReplicationFactor)
            let odd = CreateTopicsRequest.Topic(name: "u", configs: [.init(name: "retention.ms", value: "soon")])
            #expect(try await create(odd) == .invalidConfig)
            let more = CreatePartitionsRequest(
                topics: [.init(name: "t", count: 3)],
                timeoutMs: 1_000,
                validateOnly: false
            )
            #expect(try await client.ask(more, version: 3).results.map(\.errorCode) == [.none])
            #expect(try await client.ask(more, version: 3).results.map(\.errorCode) == [.invalidPartitions])
            #expect(try await client.produce(["x"], to: "t", partition: 2).errorCode == .none)
            let set = IncrementalAlterConfigsRequest(
                resources: [
                    .init(
                        resourceType: 2,
                        resourceName: "t",
                        configs: [.init(name: "retention.ms", configOperation: 0, value: "1000")]
                    )
                ],
                validateOnly: false
            )
            #expect(try await client.ask(set, version: 1).responses.map(\.errorCode) == [.none])
            let resource = DescribeConfigsRequest.Resource(
                resourceType: 2,
                resourceName: "t",
                configurationKeys: ["retention.ms"]
            )
            let described = try await client.ask(DescribeConfigsRequest(resources: [resource]), version: 4)
            #expect(described.results.first?.configs.map(\.value) == ["1000"])
            let delete = DeleteTopicsRequest(topics: [.init(name: "t")], timeoutMs: 1_000)
            #expect(try await client.ask(delete, version: 6).responses.map(\.errorCode) == [.none])
            #expect(try await client.fetch("t").answer.errorCode == .unknownTopicOrPartition)
            // A new topic of that name has nothing of the old one.
            try await client.makeTopic("t")
            #expect(try await client.fetch("t").values.isEmpty)
        }
    }

    @Test func recordsAreDeletedForGood() async throws {
        try await ServerBench.run { bench in
            var client = try await bench.connect()
            try await client.makeTopic("t")
            for value in ["a", "b", "c"] { _ = try await client.produce([value], to: "t") }
            let request = DeleteRecordsRequest(
                topics: [.init(name: "t", partitions: [.init(partitionIndex: 0, offset: 2)])],
                timeoutMs: 1_000
            )
            let answer = try await client.ask(request, version: 2)
            #expect(answer.topics.first?.partitions.map(\.lowWatermark) == [2])
            #expect(try await client.fetch("t").answer.errorCode == .offsetOutOfRange)
            try await bench.stop()
            try await bench.start()
            client = try await bench.connect()
            #expect(try await client.fetch("t", from: 2).values == ["c"])
            #expect(try await client.fetch("t", from: 1).answer.errorCode == .offsetOutOfRange)
        }
    }
}
