import MartletCore
import Testing

@testable import MartletBroker

@Suite(.timeLimit(.minutes(30)))
struct BrokerMetricsTests {
    private let metrics = BrokerMetrics(
        topics: [
            .init(
                name: "flights",
                partitions: [
                    .init(lowOffset: 5, highOffset: 12, stableOffset: 10, bytes: 4_096, segments: 2, isFailed: false),
                    .init(lowOffset: 0, highOffset: 0, stableOffset: 0, bytes: 0, segments: 1, isFailed: true),
                ]
            )
        ],
        groups: [
            .init(
                name: "a \"b\"\\\n",
                state: "Stable",
                members: 2,
                positions: [
                    .init(topic: "flights", partition: 0, offset: 9, lag: 3),
                    .init(topic: "flights", partition: 1, offset: 4, lag: 1),
                    .init(topic: "gone", partition: 0, offset: 7, lag: nil),
                ]
            )
        ],
        openTransactions: 1,
        connections: 3,
        acceptedConnections: 17,
        refusedConnections: 2,
        requests: ["Produce": 40, "Fetch": 39],
        bytesIn: 1_000,
        bytesOut: 2_000,
        appendErrors: 4,
        fetchErrors: 5
    )

    @Test(arguments: [
        "kafka_brokers 1",
        #"kafka_topic_partitions{topic="flights"} 2"#,
        #"kafka_topic_partition_current_offset{topic="flights",partition="0"} 12"#,
        #"kafka_topic_partition_oldest_offset{topic="flights",partition="0"} 5"#,
        #"kafka_topic_partition_under_replicated_partition{topic="flights",partition="1"} 1"#,
        #"kafka_consumergroup_current_offset{consumergroup="a \"b\"\\\n",topic="flights",partition="0"} 9"#,
        #"kafka_consumergroup_lag{consumergroup="a \"b\"\\\n",topic="flights",partition="0"} 3"#,
        #"kafka_consumergroup_lag_sum{consumergroup="a \"b\"\\\n",topic="flights"} 4"#,
        #"kafka_consumergroup_current_offset_sum{consumergroup="a \"b\"\\\n",topic="flights"} 13"#,
        #"kafka_consumergroup_members{consumergroup="a \"b\"\\\n"} 2"#,
        #"martlet_broker_group_state{consumergroup="a \"b\"\\\n",state="Stable"} 1"#,
        #"martlet_broker_requests_total{api="Fetch"} 39"#,
        #"martlet_broker_partition_stable_offset{topic="flights",partition="0"} 10"#,
        "martlet_broker_open_transactions 1", "martlet_broker_connections 3", "martlet_broker_sent_bytes_total 2000",
        "martlet_broker_connections_refused_total 2", "martlet_broker_append_errors_total 4",
    ])
    func hasTheLine(line: String) {
        #expect(BrokerMetricsText(metrics).text.split(separator: "\n").contains(line[...]))
    }

    /// Each name has its help and type once and before its samples, which stand together.
    @Test func isInOrder() {
        var seen: Set<Substring> = []
        var current: Substring = ""
        for line in BrokerMetricsText(metrics).text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        {
            if line.hasPrefix("# HELP ") {
                current = line.split(separator: " ")[2]
                #expect(seen.insert(current).inserted)
            } else if line.hasPrefix("# TYPE ") {
                let type = current.hasSuffix("_total") ? "counter" : "gauge"
                #expect(line == "# TYPE \(current) \(type)")
            } else {
                #expect(line.prefix { $0 != "{" && $0 != " " } == current)
            }
        }
        // What is not known has no sample.
        #expect(!BrokerMetricsText(metrics).text.contains("kafka_consumergroup_lag{consumergroup=\"gone"))
    }

    @Test func tellsWhatWentOverTheServer() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t", partitions: 2)
            _ = try await client.produce(["a", "b", "c"], to: "t")
            _ = try await client.produce(["x"], to: "none")
            _ = try await client.fetch("t", from: 99)
            let commit = OffsetCommitRequest(
                groupID: "g",
                topics: [.init(name: "t", partitions: [.init(partitionIndex: 0, committedOffset: 1)])]
            )
            _ = try await client.ask(commit, version: 8)
            let told = try await bench.running.metrics()
            #expect(told.topics.map(\.name) == ["t"])
            #expect(told.topics.first?.partitions.map(\.highOffset) == [3, 0])
            #expect((told.topics.first?.partitions.first?.bytes ?? 0) > 61)
            #expect(told.groups.map(\.name) == ["g"] && told.groups.first?.members == 0)
            #expect(told.groups.first?.positions == [.init(topic: "t", partition: 0, offset: 1, lag: 2)])
            #expect(told.requests == ["CreateTopics": 1, "Produce": 2, "Fetch": 1, "OffsetCommit": 1])
            #expect(told.appendErrors == 1 && told.fetchErrors == 1)
            #expect(told.connections == 1 && told.bytesIn > 100 && told.bytesOut > 100)
        }
    }
}
