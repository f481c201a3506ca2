import MartletCore
import MartletTestKit
import Testing

@testable import MartletKafka

/// The port's behaviour, on the fake and on librdkafka's own cluster; on a real server it is tested with ours.
@Suite(.tags(.conformance), .timeLimit(.minutes(30)))
struct ConformanceTests {
    @Test(arguments: StreamClientConformance.allCases)
    func fake(_ behaviour: StreamClientConformance) async throws {
        let streams = InMemoryStreams(now: { 1_700_000_000_000 })
        try await behaviour.check(
            StreamClientBench(streams, prefix: "t") { streams.makeTopic($0, partitions: $1) }
        )
    }

    @Test(arguments: Libraries.all, StreamClientConformance.allCases)
    func mock(_ library: TestLibrary, _ behaviour: StreamClientConformance) async throws {
        let cluster = try MockCluster(library.load())
        let client = try KafkaStreamClient(cluster.library, cluster.configuration)
        // Its transactions end without markers, and its groups are simpler than Kafka's.
        let lacks: Set<StreamClientBench.Shortcoming> = [
            .isolation, .transactionalOffsets, .fencing, .timeLookup, .commitInRebalance,
        ]
        let bench = StreamClientBench(client, prefix: "t", lacks: lacks) {
            try cluster.makeTopic($0, partitions: $1)
        }
        try await behaviour.check(bench)
    }
}
