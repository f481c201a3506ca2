import MartletCore
import Testing

@testable import MartletKafka

@Suite(.timeLimit(.minutes(30)))
struct AdminTests {
    /// What the mock cluster answers: groups, topics, and that it knows no more.
    @Test(arguments: Libraries.all)
    func asksAndIsRefused(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 3)
        let admin = try KafkaAdmin(cluster.library, cluster.configuration)
        #expect(try await admin.topics() == ["t"])
        #expect(try await admin.partitions(of: "t").count == 3)
        let consumer = try KafkaConsumer(cluster.library, cluster.configuration.consumer(group: "g"))
        try await consumer.assign([TopicPartition("t", 1): 0])
        try await consumer.commit([TopicPartition("t", 1): CommittedOffset(0, metadata: "m")])
        let wanted: Set<TopicPartition> = [TopicPartition("t", 1), TopicPartition("t", 2)]
        #expect(try await admin.offsets(of: "g", wanted) == [TopicPartition("t", 1): CommittedOffset(0, metadata: "m")])
        await consumer.close()
        // It has no such requests: the library waits in vain for a broker that does.
        let hasty = try KafkaAdmin(cluster.library, cluster.configuration, patience: .milliseconds(200))
        await #expect(throws: StreamError.self) { try await hasty.createTopics([.init("u", partitions: 1)]) }
        await #expect(throws: StreamError.self) { _ = try await hasty.configuration(of: .topic("t")) }
        await #expect(throws: StreamError.self) { try await hasty.createPartitions(of: "t", total: 0) }
    }
}
