import MartletCore
import MartletTestKit
import Testing

@testable import MartletKafka

/// What librdkafka can administer, on our server or on the broker that the environment names.
@Suite(.tags(.conformance), .timeLimit(.minutes(30)))
struct ClientAdminTests {
    @Test(arguments: TestedClient.all)
    func administers(_ tested: TestedClient) async throws {
        try await tested.run { library, configuration in
            let admin = try KafkaAdmin(library, configuration)
            let topic = "admin\(UInt32.random(in: 0 ... .max))"
            try await admin.createTopics([
                .init(topic, partitions: 2, replicas: 1, configuration: ["retention.ms": "7000"])
            ]
            )
            #expect(try await admin.topics().contains(topic))
            let again = await #expect(throws: StreamError.self) {
                try await admin.createTopics([.init(topic, partitions: 2, replicas: 1)])
            }
            #expect(again?.number == 36)
            #expect(try await admin.configuration(of: .topic(topic))["retention.ms"]?.value == "7000")
            if library.version >= KafkaVersion(2, 2) {
                try await admin.changeConfiguration(of: .topic(topic), ["max.message.bytes": .set("5000")])
                let settings = try await admin.configuration(of: .topic(topic))
                #expect(settings["max.message.bytes"]?.value == "5000")
                #expect(settings["retention.ms"]?.value == "7000")
            }
            try await admin.createPartitions(of: topic, total: 3)
            #expect(try await admin.partitions(of: topic).count == 3)

            let producer = try KafkaProducer(library, configuration.producer())
            var records = OutgoingRecords()
            for _ in 0..<10 { records.append(to: topic, partition: 0, key: nil, value: [1]) }
            try await producer.send(records).check()
            await producer.close()
            let place = TopicPartition(topic, 0)
            #expect(try await admin.deleteRecords(before: [place: 4]) == [place: 4])

            let group = "\(topic)-group"
            try await admin.setOffsets(of: group, to: [place: CommittedOffset(6)])
            #expect(try await admin.offsets(of: group) == [place: CommittedOffset(6)])
            #expect(try await admin.groups().contains { $0.group == group })
            #expect(try await admin.describe(group: group).members == [])
            try await admin.deleteOffsets(of: group, [place])
            #expect(try await admin.offsets(of: group, [place]) == [:])
            try await admin.deleteGroup(group)
            try await admin.deleteTopics([topic])
            #expect(try await admin.partitions(of: topic) == [])
        }
    }
}
