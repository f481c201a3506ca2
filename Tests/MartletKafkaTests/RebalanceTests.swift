import Foundation
import MartletCore
import Synchronization
import Testing

@testable import MartletKafka

/// Members that come and go, against librdkafka's own cluster.
@Suite(.timeLimit(.minutes(30)))
struct RebalanceTests {
    private func produce(_ cluster: MockCluster, _ count: Int, partitions: Int) async throws {
        let producer = try KafkaProducer(cluster.library, cluster.configuration.producer())
        var records = OutgoingRecords()
        for number in 0..<count {
            records.append(to: "t", partition: Int32(number % partitions), key: nil, value: Array("\(number)".utf8))
        }
        try await producer.send(records).check()
        await producer.close()
    }

    /// The handler runs between batches, and the partitions stay until it is done.
    @Test(arguments: Libraries.all)
    func theHandlerEndsBeforePartitionsLeave(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 4)
        try await produce(cluster, 400, partitions: 4)
        let first = try KafkaConsumer(cluster.library, cluster.configuration.consumer(group: "g"))
        try await first.subscribe(to: ["t"])
        let changes = Mutex([String]())
        let hasRead = Tally()
        let reading = Task {
            var count = 0
            let batches = first.batches { change in
                switch change {
                case .assigned(let partitions): changes.withLock { $0.append("+\(partitions.count)") }
                case .revoked(let partitions, let isLost):
                    // They are still this member's: positions are known.
                    let held = try await first.positions()
                    changes.withLock { $0.append("-\(partitions.count) \(isLost) \(held.count)") }
                case .reachedEnd: break
                }
                return [:]
            }
            for try await batch in batches {
                count += batch.count
                if count == 400 { hasRead.add() }
            }
            return count
        }
        await hasRead.wait(for: 1)
        let second = try KafkaConsumer(cluster.library, cluster.configuration.consumer(group: "g"))
        try await second.subscribe(to: ["t"])
        var share: Set<TopicPartition> = []
        while share.isEmpty, let event = try await second.next() {
            if case .assigned(let partitions) = event { share = partitions }
        }
        #expect(share.count == 2)
        await second.close()
        await first.close()
        _ = try await reading.value
        #expect(changes.withLock { Array($0.prefix(2)) } == ["+4", "-4 false 4"])
    }

    @Test(arguments: Libraries.all)
    func cooperativeMembersKeepWhatTheyHave(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 4)
        let configuration = cluster.configuration.consumer(group: "g", assignor: .cooperativeSticky)
        let first = try KafkaConsumer(cluster.library, configuration)
        try await first.subscribe(to: ["t"])
        var held: Set<TopicPartition> = []
        while held.count < 4, let event = try await first.next() {
            if case .assigned(let partitions) = event { held.formUnion(partitions) }
        }
        let joined = Task {
            let second = try KafkaConsumer(cluster.library, configuration)
            try await second.subscribe(to: ["t"])
            var share: Set<TopicPartition> = []
            while share.count < 2, let event = try await second.next() {
                if case .assigned(let partitions) = event { share.formUnion(partitions) }
            }
            try await second.acceptAssignment(startingAt: [:])
            return (second, share)
        }
        var kept = held
        while kept.count > 2, let event = try await first.next() {
            switch event {
            case .revoked(let partitions, let isLost):
                #expect(!isLost)
                // Only what goes, not all.
                #expect(partitions.count == 2)
                kept.subtract(partitions)
            case .assigned(let partitions): #expect(partitions.isEmpty)
            case .batch, .reachedEnd: break
            }
        }
        let pump = Task { while try await first.next() != nil {} }
        let (second, share) = try await joined.value
        #expect(share == held.subtracting(kept))
        await first.close()
        await second.close()
        try await pump.value
    }

    /// Nobody asks for events for longer than the group's patience, and the member stays.
    @Test(arguments: Libraries.all)
    func aSlowReaderStaysInItsGroup(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        try await produce(cluster, 10, partitions: 1)
        var configuration = cluster.configuration.consumer(group: "g")
        configuration["max.poll.interval.ms"] = "6000"
        configuration["statistics.interval.ms"] = "100"
        let ticks = Tally()
        let troubles = Tally()
        let consumer = try KafkaConsumer(cluster.library, configuration) { notice in
            switch notice {
            case .statistics: ticks.add()
            case .trouble: troubles.add()
            case .log: break
            }
        }
        try await consumer.subscribe(to: ["t"])
        var count = 0
        while count < 10, let event = try await consumer.next() {
            if case .batch(let batch) = event { count += batch.count }
        }
        // The library's clock is the only one here: 8 seconds of it.
        await ticks.wait(for: ticks.count + 80)
        #expect(troubles.count == 0)
        try await produce(cluster, 1, partitions: 1)
        while count < 11, let event = try await consumer.next() {
            switch event {
            case .batch(let batch): count += batch.count
            case .revoked, .assigned: Issue.record("the group went on without the member")
            case .reachedEnd: break
            }
        }
        await consumer.close()
    }

    /// While nobody asks, no more than the bounded queue is fetched.
    @Test(arguments: Libraries.all)
    func whatNobodyAsksForIsNotFetched(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load())
        try cluster.makeTopic("t", partitions: 1)
        let producer = try KafkaProducer(cluster.library, cluster.configuration.producer())
        for _ in 0..<4 {
            var records = OutgoingRecords()
            for _ in 0..<1_000 {
                records.append(to: "t", partition: 0, key: nil, value: Array(repeating: 1, count: 1_000))
            }
            try await producer.send(records).check()
        }
        await producer.close()
        var configuration = cluster.configuration.consumer(group: "g")
        configuration["queued.min.messages"] = "100"
        configuration["queued.max.messages.kbytes"] = "100"
        configuration["fetch.message.max.bytes"] = "50000"
        configuration["statistics.interval.ms"] = "50"
        let largest = Mutex(Int64(0))
        let ticks = Tally()
        let consumer = try KafkaConsumer(cluster.library, configuration, batchRecords: 10) { notice in
            guard case .statistics(let statistics) = notice else { return }
            let size = statistics.topics["t"]?.partitions["0"]?.fetchqSize ?? 0
            largest.withLock { $0 = max($0, size) }
            ticks.add()
        }
        try await consumer.assign([TopicPartition("t", 0): 0])
        var count = 0
        while count < 10, let event = try await consumer.next() {
            if case .batch(let batch) = event { count += batch.count }
        }
        await ticks.wait(for: ticks.count + 20)
        #expect(largest.withLock(\.self) > 0)
        #expect(largest.withLock(\.self) < 1_500_000)
        var next: Int64 = 10
        while count < 4_000, let event = try await consumer.next() {
            guard case .batch(let batch) = event else { continue }
            #expect(batch.count <= 10)
            batch.visit { record in
                #expect(record.offset == next)
                next += 1
            }
            count += batch.count
        }
        await consumer.close()
    }

    @Test(arguments: Libraries.all)
    func passingErrorsAreNotTold(library: TestLibrary) async throws {
        let cluster = try MockCluster(library.load(), brokers: 2)
        try cluster.makeTopic("t", partitions: 1)
        try await produce(cluster, 100, partitions: 1)
        // FindCoordinator, JoinGroup, SyncGroup, Fetch, OffsetFetch.
        cluster.fail(10, [15])
        cluster.fail(11, [14])
        cluster.fail(1, [6, 9])
        let consumer = try KafkaConsumer(cluster.library, cluster.configuration.consumer(group: "g"))
        try await consumer.subscribe(to: ["t"])
        var offsets = [Int64]()
        while offsets.count < 100, let event = try await consumer.next() {
            if case .batch(let batch) = event { batch.visit { offsets.append($0.offset) } }
        }
        #expect(offsets == Array(0..<100))
        // OffsetCommit: OFFSET_METADATA_TOO_LARGE.
        cluster.fail(8, [12])
        let refused = await #expect(throws: StreamError.self) {
            try await consumer.commit([TopicPartition("t", 0): CommittedOffset(5)])
        }
        #expect(refused?.number == 12)
        #expect(refused?.disposition == .refused)
        try await consumer.commit([TopicPartition("t", 0): CommittedOffset(100)])
        #expect(try await consumer.committed([TopicPartition("t", 0)])[TopicPartition("t", 0)]?.offset == 100)
        await consumer.close()
    }
}
