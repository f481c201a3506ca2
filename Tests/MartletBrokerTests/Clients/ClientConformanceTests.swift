import Foundation
import MartletCore
import MartletKafka
import MartletTestKit
import Testing

/// The behaviour of the port of streams, by librdkafka on our server, or on the broker that the environment names.
@Suite(.tags(.conformance), .timeLimit(.minutes(30)))
struct ClientConformanceTests {
    /// All, or those that the environment names, as in `seeks,tellsTheEnd`.
    private static let behaviours: [StreamClientConformance] = {
        guard let words = ProcessInfo.processInfo.environment["MARTLET_TEST_KAFKA_BEHAVIOURS"], !words.isEmpty else {
            return StreamClientConformance.allCases
        }
        return words.split(separator: ",").compactMap { StreamClientConformance(rawValue: String($0)) }
    }()

    @Test(arguments: TestedClient.all, behaviours)
    func behaves(_ tested: TestedClient, _ behaviour: StreamClientConformance) async throws {
        // What another broker cannot do, as in `isolation,fencing`; ours can do all.
        let words = ProcessInfo.processInfo.environment["MARTLET_TEST_KAFKA_LACKS"] ?? ""
        let lacks = try words.split(separator: ",").map { word in
            try #require(StreamClientBench.Shortcoming(rawValue: String(word)))
        }
        try await tested.run { library, configuration in
            let client = try KafkaStreamClient(library, configuration)
            let admin = try KafkaAdmin(library, configuration)
            let prefix = "t\(UInt32.random(in: 0 ... .max))"
            let bench = StreamClientBench(client, prefix: prefix, lacks: Set(lacks)) {
                try await admin.createTopics([.init($0, partitions: $1, replicas: 1)])
            }
            try await TestedClient.within(TestedClient.patience) { try await behaviour.check(bench) }
        }
    }

    /// A static member that comes back has its partitions again, and nobody else hears of it.
    @Test(arguments: TestedClient.all)
    func staticMembersComeBackUnnoticed(_ tested: TestedClient) async throws {
        try await tested.run { library, configuration in
            let client = try KafkaStreamClient(library, configuration)
            let admin = try KafkaAdmin(library, configuration)
            let topic = "t\(UInt32.random(in: 0 ... .max))"
            try await admin.createTopics([.init(topic, partitions: 4, replicas: 1)])
            let bench = StreamClientBench(client, prefix: topic) { _, _ in }
            let first = try await bench.staticSource(topic, "a")
            #expect(try await bench.assignment(of: first, count: 4).count == 4)
            let second = Task {
                let source = try await bench.staticSource(topic, "b")
                let held = try await bench.assignment(of: source, count: 2)
                return (source, held)
            }
            let kept = try await bench.assignment(of: first, count: 2)
            let (other, held) = try await second.value
            #expect(held.isDisjoint(with: kept))
            // A static member does not leave when it ends.
            await first.close()
            let again = try await bench.staticSource(topic, "a")
            #expect(try await bench.assignment(of: again, count: 2) == kept)
            let admitted = try await admin.describe(group: "\(topic)-g")
            #expect(Set(admitted.members.map(\.instance)) == ["a", "b"])
            // What the other one hears next is a record, not that its partitions go.
            let place = try #require(held.min())
            try await bench.send(place, "still here")
            while let event = try await other.next() {
                if case .batch(let batch) = event {
                    #expect(batch.count == 1)
                    break
                }
                if case .revoked = event { Issue.record("the group was rebalanced") }
                if case .assigned = event { Issue.record("the group was rebalanced") }
            }
            await again.close()
            await other.close()
        }
    }
}

extension StreamClientBench {
    fileprivate func staticSource(_ topic: String, _ instance: String) async throws -> any StreamSource {
        try await client.open(
            SourceRequest(
                group: "\(topic)-g",
                instance: instance,
                assignment: .group(topics: [topic]),
                start: .earliest,
                batchRecords: 10
            )
        )
    }

    /// Reads until so many partitions are assigned, and tells which.
    fileprivate func assignment(of source: any StreamSource, count: Int) async throws -> Set<TopicPartition> {
        while let event = try await source.next() {
            if case .assigned(let partitions) = event, partitions.count == count {
                try await source.acceptAssignment(startingAt: [:])
                return partitions
            }
        }
        return []
    }

    fileprivate func send(_ place: TopicPartition, _ text: String) async throws {
        let sink = try await client.open(SinkRequest())
        var records = OutgoingRecords()
        records.append(to: place.topic, partition: place.partition, key: nil, value: Array(text.utf8))
        try await sink.send(records).check()
        await sink.close()
    }
}
