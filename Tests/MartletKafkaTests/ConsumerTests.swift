import MartletCore
import Testing

@testable import MartletKafka

/// Reads and writes against librdkafka's own cluster.
@Suite(.timeLimit(.minutes(30)))
struct ConsumerTests {
    @Test(arguments: Libraries.all)
    func whatIsSentComes(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 4)
        let producer = try KafkaProducer(cluster.library, cluster.configuration.producer())
        var records = OutgoingRecords()
        for number in 0..<10_000 {
            records.append(
                to: "t",
                partition: Int32(number % 4),
                key: Array("k\(number)".utf8),
                value: Array("value \(number)".utf8),
                timestamp: 1_700_000_000_000 + Int64(number)
            )
        }
        let report = try await producer.send(records)
        try report.check()
        #expect(
            report.lastOffsets == [.init("t", 0): 2499, .init("t", 1): 2499, .init("t", 2): 2499, .init("t", 3): 2499]
        )

        let consumer = try KafkaConsumer(cluster.library, cluster.configuration.consumer(group: "g"))
        try await consumer.subscribe(to: ["t"])
        var seen = [Int32: [Int64]]()
        var total = 0
        reading: while let event = try await consumer.next() {
            switch event {
            case .assigned(let partitions): #expect(partitions.count == 4)
            case .revoked, .reachedEnd: break
            case .batch(let batch):
                for run in batch.runs {
                    batch.visit(in: run.range) { record in
                        let number = Int(record.offset) * 4 + Int(run.partition.partition)
                        #expect(record.key.map { String(decoding: $0, as: UTF8.self) } == "k\(number)")
                        #expect(record.value.map { String(decoding: $0, as: UTF8.self) } == "value \(number)")
                        #expect(record.timestamp == 1_700_000_000_000 + Int64(number))
                        seen[run.partition.partition, default: []].append(record.offset)
                        total += 1
                    }
                }
                if total >= 10_000 { break reading }
            }
        }
        for partition in Int32(0)..<4 { #expect(seen[partition] == Array(0..<2_500)) }
        await consumer.close()
        await producer.close()
        #expect(try await consumer.next() == nil)
    }
}
