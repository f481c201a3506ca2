import MartletCore
import Testing

@testable import MartletKafka

/// Writing when things go wrong, against librdkafka's own cluster.
@Suite(.timeLimit(.minutes(30)))
struct ProducerTests {
    private func records(_ count: Int, to topic: String = "t") -> OutgoingRecords {
        var records = OutgoingRecords()
        for number in 0..<count {
            records.append(to: topic, partition: 0, key: nil, value: Array("\(number)".utf8))
        }
        return records
    }

    /// All values of partition 0, read by another client.
    private func values(_ cluster: MockCluster, count: Int) async throws -> [Int] {
        let consumer = try KafkaConsumer(cluster.library, cluster.configuration.consumer(group: "reader"))
        try await consumer.assign([TopicPartition("t", 0): 0])
        var values = [Int]()
        var isAtEnd = false
        while !isAtEnd, let event = try await consumer.next() {
            switch event {
            case .batch(let batch):
                batch.visit { values.append($0.value.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? -1) }
            case .reachedEnd: isAtEnd = values.count >= count
            case .assigned, .revoked: break
            }
        }
        await consumer.close()
        return values
    }

    @Test(arguments: Libraries.all)
    func passingErrorsNeitherLoseNorRepeat(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load(), brokers: 3)
        try cluster.makeTopic("t", partitions: 1)
        var configuration = cluster.configuration.producer()
        configuration["retry.backoff.ms"] = "10"
        let producer = try KafkaProducer(cluster.library, configuration)
        try await producer.send(records(1)).check()
        // NOT_LEADER_OR_FOLLOWER, REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS, LEADER_NOT_AVAILABLE.
        cluster.fail(0, [6, 7, 19, 5])
        try await producer.send(records(500)).check()
        cluster.move(TopicPartition("t", 0), to: 2)
        try await producer.send(records(500)).check()
        #expect(try await values(cluster, count: 1_001) == [0] + Array(0..<500) + Array(0..<500))
        await producer.close()
    }

    @Test(arguments: Libraries.all)
    func refusedRecordsAreReported(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        var configuration = cluster.configuration.producer()
        configuration["enable.idempotence"] = "false"
        configuration["message.max.bytes"] = "2000"
        let producer = try KafkaProducer(cluster.library, configuration)
        // INVALID_RECORD, for a whole request.
        cluster.fail(0, [87])
        let report = try await producer.send(records(3))
        #expect(Set(report.failures.keys) == [0, 1, 2])
        #expect(report.failures[1]?.number == 87)
        #expect(report.failures[1]?.failure.code == .streamRecordUndelivered)
        #expect(throws: StreamError.self) { try report.check() }
        // Too large for the client itself, which says so for this record only.
        var mixed = records(2)
        mixed.append(to: "t", partition: 0, key: nil, value: Array(repeating: 0, count: 5_000))
        mixed.append(to: "t", partition: 0, key: nil, value: Array("2".utf8))
        let second = try await producer.send(mixed)
        #expect(second.failures.mapValues(\.number) == [2: 10])
        #expect(try await values(cluster, count: 3) == [0, 1, 2])
        await producer.close()
    }

    @Test(arguments: Libraries.all)
    func aFullQueueMakesSendersWait(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        var configuration = cluster.configuration.producer()
        configuration["queue.buffering.max.messages"] = "100"
        let producer = try KafkaProducer(cluster.library, configuration)
        async let first = producer.send(records(5_000))
        async let second = producer.send(records(5_000))
        try await first.check()
        try await second.check()
        let values = try await values(cluster, count: 10_000)
        #expect(values.count == 10_000)
        #expect(values.reduce(0, +) == 2 * 4_999 * 2_500)
        await producer.close()
    }

    @Test(arguments: Libraries.all)
    func silentBrokersEndInAReport(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        cluster.setDown(1)
        let troubles = Tally()
        var configuration = cluster.configuration.producer()
        configuration["message.timeout.ms"] = "300"
        configuration["enable.idempotence"] = "false"
        let producer = try KafkaProducer(cluster.library, configuration) { notice in
            if case .trouble = notice { troubles.add() }
        }
        let report = try await producer.send(records(10))
        #expect(report.failures.count == 10)
        #expect(report.failures[0]?.disposition == .retriable)
        await troubles.wait(for: 1)
        cluster.setUp(1)
        await producer.close()
        await #expect(throws: StreamError.self) { _ = try await producer.send(records(1)) }
    }

    @Test(arguments: Libraries.all)
    func purgingGivesUp(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        cluster.setDown(1)
        let producer = try KafkaProducer(cluster.library, cluster.configuration.producer())
        async let sending = producer.send(records(10))
        while producer.underWay == 0 { await Task.yield() }
        while producer.underWay > 0 {
            try await producer.purge()
            await Task.yield()
        }
        let report = try await sending
        #expect(report.failures.count == 10)
        await producer.close()
    }

    /// Nobody closes it, and all of it goes all the same, after what was sent.
    @Test(arguments: Libraries.all)
    func aDroppedProducerGoes(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        let gone = Tally()
        do {
            let producer = try KafkaProducer(
                cluster.library,
                cluster.configuration.producer(),
                onNotice: { _ in },
                onDestroyed: { gone.add() }
            )
            try await producer.send(records(100)).check()
        }
        await gone.wait(for: 1)
        #expect(try await values(cluster, count: 100) == Array(0..<100))
    }

    @Test(arguments: Libraries.all)
    func transactionsTellWhatCanBeDone(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        let producer = try KafkaProducer(cluster.library, cluster.configuration.producer(transactionalID: "x"))
        // The coordinator is not ready: waited for.
        cluster.fail(22, [14, 15])
        try await producer.initTransactions()
        let early = await #expect(throws: StreamError.self) {
            try await producer.commitTransaction(offsets: [:], of: nil)
        }
        #expect(early?.disposition == .refused)
        try await producer.beginTransaction()
        // TOPIC_AUTHORIZATION_FAILED for the partition: the transaction cannot succeed any more.
        cluster.fail(24, [29])
        let report = try await producer.send(records(1))
        #expect(!report.failures.isEmpty)
        let broken = await #expect(throws: StreamError.self) {
            try await producer.commitTransaction(offsets: [:], of: nil)
        }
        #expect(broken?.disposition == .abortable)
        #expect(broken?.failure.code == .streamTransactionBroken)
        try await producer.abortTransaction()
        try await producer.beginTransaction()
        try await producer.send(records(1)).check()
        try await producer.commitTransaction(offsets: [:], of: nil)
        try await producer.beginTransaction()
        try await producer.send(records(1)).check()
        // INVALID_PRODUCER_EPOCH: another one has the transactional id.
        cluster.fail(26, [47])
        let fenced = await #expect(throws: StreamError.self) {
            try await producer.commitTransaction(offsets: [:], of: nil)
        }
        #expect(fenced?.disposition == .fatal)
        await producer.close()
    }
}
