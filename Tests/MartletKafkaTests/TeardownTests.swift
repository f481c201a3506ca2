import MartletCore
import Testing

@testable import MartletKafka

/// Clients that end at any time, in any way.
@Suite(.timeLimit(.minutes(30)))
struct TeardownTests {
    private func cluster(_ library: TestLibrary, records count: Int = 1_000) async throws -> MockCluster {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 2)
        let producer = try KafkaProducer(cluster.library, cluster.configuration.producer())
        var records = OutgoingRecords()
        for number in 0..<count {
            records.append(to: "t", partition: Int32(number % 2), key: nil, value: Array("\(number)".utf8))
        }
        try await producer.send(records).check()
        await producer.close()
        return cluster
    }

    private func consumer(_ cluster: MockCluster, _ gone: Tally, batchRecords: Int = 50) throws -> KafkaConsumer {
        var configuration = cluster.configuration.consumer(group: "g")
        configuration["statistics.interval.ms"] = "10"
        return try KafkaConsumer(
            cluster.library,
            configuration,
            batchRecords: batchRecords,
            onNotice: { _ in },
            onDestroyed: { gone.add() }
        )
    }

    private let all: [TopicPartition: Int64?] = [TopicPartition("t", 0): 0, TopicPartition("t", 1): 0]

    @Test(arguments: Libraries.all)
    func aDroppedConsumerGoes(library: TestLibrary) async throws {
        let cluster = try await cluster(library)
        let gone = Tally()
        // Before it has done anything.
        _ = try consumer(cluster, gone)
        await gone.wait(for: 1)
        // While records wait, events come, and a call is under way.
        do {
            let consumer = try consumer(cluster, gone)
            try await consumer.assign(all)
            while let event = try await consumer.next() { if case .batch = event { break } }
        }
        await gone.wait(for: 2)
        // As a member of a group that is being formed.
        do {
            let consumer = try consumer(cluster, gone)
            try await consumer.subscribe(to: ["t"])
        }
        await gone.wait(for: 3)
    }

    @Test(arguments: Libraries.all)
    func aBatchKeepsItsClient(library: TestLibrary) async throws {
        let cluster = try await cluster(library)
        let gone = Tally()
        var batches = [ConsumedBatch]()
        do {
            let consumer = try consumer(cluster, gone)
            try await consumer.assign(all)
            while batches.count < 3, let event = try await consumer.next() {
                if case .batch(let batch) = event { batches.append(batch) }
            }
            await consumer.close()
        }
        #expect(gone.count == 0)
        for batch in batches {
            for run in batch.runs {
                batch.visit(in: run.range) { record in
                    let number = record.offset * 2 + Int64(run.partition.partition)
                    #expect(record.value.map { String(decoding: $0, as: UTF8.self) } == "\(number)")
                }
            }
        }
        batches = []
        await gone.wait(for: 1)
    }

    @Test(arguments: Libraries.all)
    func everythingAtOnceEnds(library: TestLibrary) async throws {
        let cluster = try await cluster(library)
        let gone = Tally()
        for round in 0..<6 {
            let consumer = try consumer(cluster, gone, batchRecords: 7)
            try await consumer.assign(all)
            let all = Set(all.keys)
            await withTaskGroup { group in
                group.addTask { while (try? await consumer.next()) ?? nil != nil {} }
                group.addTask {
                    for offset in Int64(0)..<20 { try? await consumer.seek(to: [TopicPartition("t", 0): offset]) }
                }
                group.addTask {
                    for _ in 0..<20 {
                        try? await consumer.pause(all)
                        try? await consumer.resume(all)
                    }
                }
                group.addTask {
                    for offset in Int64(0)..<20 {
                        try? await consumer.commit([TopicPartition("t", 1): CommittedOffset(offset)])
                    }
                }
                group.addTask { _ = try? await consumer.committed(all) }
                group.addTask { _ = try? await consumer.groupToken() }
                group.addTask {
                    for _ in 0..<round { await Task.yield() }
                    await consumer.close()
                }
                group.addTask { await consumer.close() }
            }
        }
        await gone.wait(for: 6)
    }

    /// Tasks that wait for records are cancelled all the time, and no record is lost or told twice.
    @Test(arguments: Libraries.all)
    func cancellingLosesNothing(library: TestLibrary) async throws {
        let cluster = try await cluster(library, records: 3_000)
        let gone = Tally()
        let consumer = try consumer(cluster, gone, batchRecords: 10)
        try await consumer.assign(all)
        var offsets = [Int32: [Int64]]()
        var cancellations = 0
        while offsets.values.reduce(0, { $0 + $1.count }) < 3_000 {
            let waiting = Task { () async throws(StreamError) in try await consumer.next() }
            if cancellations % 3 != 0 { await Task.yield() }
            if cancellations % 2 == 0 { waiting.cancel() }
            cancellations += 1
            switch await waiting.result {
            case .success(.batch(let batch)):
                for run in batch.runs {
                    batch.visit(in: run.range) { offsets[run.partition.partition, default: []].append($0.offset) }
                }
            case .success: break
            case .failure(let error): #expect((error as? StreamError)?.disposition == .cancelled)
            }
        }
        #expect(offsets == [0: Array(0..<1_500), 1: Array(0..<1_500)])
        await consumer.close()
        await #expect(throws: StreamError.self) { try await consumer.subscribe(to: ["t"]) }
        await #expect(throws: StreamError.self) { try await consumer.pause([TopicPartition("t", 0)]) }
    }

    @Test(arguments: Libraries.all)
    func onlyOneTaskMayAsk(library: TestLibrary) async throws {
        let cluster = try await cluster(library, records: 0)
        let consumer = try consumer(cluster, Tally())
        let results = await withTaskGroup(of: StreamError.Disposition?.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    do throws(StreamError) { _ = try await consumer.next() } catch { return error.disposition }
                    return nil
                }
            }
            let first = await group.next() ?? nil
            await consumer.close()
            return [first, await group.next() ?? nil]
        }
        #expect(results == [.refused, nil])
    }
}
