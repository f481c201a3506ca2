import MartletCore
import Synchronization
import Testing

@testable import MartletKafka

@Suite(.timeLimit(.minutes(30)))
struct StatisticsTests {
    /// The library's own JSON, of both kinds of clients, is understood.
    @Test(arguments: Libraries.all)
    func understandsTheLibrary(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        let latest = Mutex<(producer: KafkaStatistics?, consumer: KafkaStatistics?)>((nil, nil))
        let ticks = Tally()
        let onNotice: NoticeHandler = { notice in
            guard case .statistics(let statistics) = notice else { return }
            latest.withLock { latest in
                if statistics.type == "producer" { latest.producer = statistics } else { latest.consumer = statistics }
            }
            ticks.add()
        }
        var base = cluster.configuration
        base["statistics.interval.ms"] = "20"
        base.identify(as: "me")
        let producer = try KafkaProducer(cluster.library, base.producer(transactionalID: "x"), onNotice: onNotice)
        try await producer.initTransactions()
        try await producer.beginTransaction()
        var records = OutgoingRecords()
        for _ in 0..<50 { records.append(to: "t", partition: 0, key: nil, value: [1, 2, 3]) }
        try await producer.send(records).check()
        try await producer.commitTransaction(offsets: [:], of: nil)
        let consumer = try KafkaConsumer(cluster.library, base.consumer(group: "g"), onNotice: onNotice)
        try await consumer.assign([TopicPartition("t", 0): 0])
        var count = 0
        while count < 50, let event = try await consumer.next() {
            if case .batch(let batch) = event { count += batch.count }
        }
        try await consumer.commit([TopicPartition("t", 0): CommittedOffset(20)])
        // Statistics come when the library thinks fit: until they say what has happened.
        while latest.withLock({ $0.consumer?.topics["t"]?.partitions["0"]?.committedOffset }) != 20
            || latest.withLock({ $0.producer?.txmsgs ?? 0 }) < 50
        {
            await ticks.wait(for: ticks.count + 1)
        }
        let (sent, read) = latest.withLock(\.self)
        #expect(sent?.clientID == "me")
        #expect(sent?.group == nil)
        #expect(sent?.exactlyOnce?.producerID ?? -1 >= 0)
        #expect(sent?.exactlyOnce?.transactionState.isEmpty == false)
        #expect(sent?.txmsgs == 50)
        #expect(sent?.brokers.values.contains { $0.state == "UP" && $0.rtt.cnt >= 0 } == true)
        // Newer libraries' clusters end a transaction with a marker.
        #expect([50, 51].contains(read?.rxmsgs))
        let partition = read?.topics["t"]?.partitions["0"]
        #expect([50, 51].contains(partition?.appOffset))
        #expect(partition?.fetchState == "active")
        #expect([50, 51].contains(partition?.hiOffset))
        #expect(read?.group?.state.isEmpty == false)
        await consumer.close()
        await producer.close()
    }

    @Test func whatIsMissingHidesNothing() throws {
        let statistics = try #require(
            KafkaStatistics(
                json: #"""
                    {"name":"x","msg_cnt":7,"new":{"a":1},"topics":{"t":{"topic":"t","partitions":
                    {"0":{"partition":0,"consumer_lag":5},"1":{"partition":1,"consumer_lag":-1},"-1":{}}}}}
                    """#
            )
        )
        #expect(statistics.messageCount == 7)
        #expect(statistics.consumerLag == 5)
        #expect(statistics.topics["t"]?.partitions["1"]?.hiOffset == -1_001)
        #expect(KafkaStatistics(json: "") == nil)
        #expect(KafkaStatistics(json: "[]") == nil)
        #expect(KafkaStatistics(json: #"{"msg_cnt":"many"}"#) == nil)
    }
}
