import Foundation
import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletBroker

/// What the server does when the disk is full, the folder taken, the clients gone.
@Suite(.timeLimit(.minutes(30)))
struct ServerFaultTests {
    @Test(arguments: [LogConfiguration.FlushPolicy.system, .always])
    func aFullDiskRefusesAndTheServerGoesOn(flush: LogConfiguration.FlushPolicy) async throws {
        let (files, journal) = (SimulatedFiles(), FakeJournalFile())
        try await ServerBench.run(flush: flush, files: files, journal: journal) { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            let producer = try await client.begin("x")
            #expect(try await client.produce(["a"], to: "t").errorCode == .none)
            // Half a batch has room.
            let used = files.state.withLock {
                $0.files.values.reduce(0) { $0 + $1.content.withLock { $0.bytes.count } }
            }
            files.set(.full(capacity: used + 40))
            journal.fail(.fullDisk(after: 3))
            for text in ["lost", "lost too"] {
                #expect(try await client.produce([text], to: "t").errorCode == .kafkaStorageError)
            }
            let refused = try await client.ask(
                CreateTopicsRequest(topics: [.init(name: "u", numPartitions: 1, replicationFactor: 1)]),
                version: 7
            )
            #expect(refused.topics.map(\.errorCode) == [.kafkaStorageError])
            let add = AddPartitionsToTxnRequest(
                transactionalID: "x",
                producerID: producer.id,
                producerEpoch: producer.epoch,
                topics: [.init(name: "t", partitions: [0])]
            )
            #expect(
                try await client.ask(add, version: 3).topics.first?.partitions.first?.errorCode
                    == .coordinatorNotAvailable
            )
            // Reading needs no room.
            #expect(try await client.fetch("t").values == ["a"])
            files.set(nil)
            journal.fail(nil)
            #expect(try await client.produce(["b"], to: "t").baseOffset == 1)
            try await client.add("t", to: "x", producer)
            #expect(try await client.produce(["c"], to: "t", producer: producer, transactionalID: "x").baseOffset == 2)
            #expect(try await client.end("x", producer, isCommitted: true) == .none)
            try await client.makeTopic("u")
            #expect(try await client.fetch("t", isCommitted: true).values == ["a", "b", "c"])
            #expect(bench.notices.withLock { $0.contains { $0.kind == .storageFailed } })
            try await bench.stop()
            _ = files.restarted()
            try await bench.start()
            let again = try await bench.connect()
            #expect(try await again.fetch("t", isCommitted: true).values == ["a", "b", "c"])
        }
    }

    @Test func anEndingThatFailedIsTriedAgain() async throws {
        let (files, journal) = (SimulatedFiles(), FakeJournalFile())
        try await ServerBench.run(files: files, journal: journal) { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            let producer = try await client.begin("x")
            try await client.add("t", to: "x", producer)
            _ = try await client.produce(["a"], to: "t", producer: producer, transactionalID: "x")
            files.set(.full(capacity: 0))
            // It is decided, and the marker has no room.
            #expect(try await client.end("x", producer, isCommitted: true) == .coordinatorNotAvailable)
            #expect(try await client.end("x", producer, isCommitted: true) == .concurrentTransactions)
            #expect(try await client.fetch("t", isCommitted: true).values.isEmpty)
            let broker = try bench.running.broker
            await broker.finishUnfinished()
            #expect(try await client.fetch("t", isCommitted: true).values.isEmpty)
            files.set(nil)
            await broker.finishUnfinished()
            #expect(try await client.fetch("t", isCommitted: true).values == ["a"])
            #expect(try await client.end("x", producer, isCommitted: true) == .none)
        }
    }

    /// A producer that vanishes holds back readers of committed records until its time is over, and no longer.
    @Test(arguments: [LogConfiguration.FlushPolicy.system, .always])
    func aTransactionWhoseClientVanishedIsAborted(flush: LogConfiguration.FlushPolicy) async throws {
        try await ServerBench.run(flush: flush) { bench in
            let (client, reader) = (try await bench.connect(), try await bench.connect())
            try await client.makeTopic("t")
            let producer = try await client.begin("x", timeout: 30_000)
            try await client.add("t", to: "x", producer)
            _ = try await client.produce(["half"], to: "t", producer: producer, transactionalID: "x")
            await client.close()
            _ = try await reader.produce(["plain"], to: "t")
            let broker = try bench.running.broker
            bench.lead.withLock { $0 = 20_000 }
            await broker.abortTimedOut()
            #expect(try await reader.fetch("t", isCommitted: true).values.isEmpty)
            bench.lead.withLock { $0 = 31_000 }
            await broker.abortTimedOut()
            // The answer waits until the marker lasts.
            let (values, answer) = try await reader.fetch("t", wait: 60_000, isCommitted: true)
            #expect(values == ["plain"])
            #expect(answer.abortedTransactions?.count == 1)
            // If it comes back it is told that it is too late, and may begin anew.
            let back = try await bench.connect()
            #expect(
                try await back.produce(["zombie"], to: "t", producer: producer, transactionalID: "x").errorCode
                    == .invalidProducerEpoch
            )
            #expect(try await back.end("x", producer, isCommitted: true) == .producerFenced)
            let next = try await back.begin("x")
            #expect(next.id == producer.id && next.epoch > producer.epoch)
            try await back.add("t", to: "x", next)
            _ = try await back.produce(["new"], to: "t", producer: next, transactionalID: "x")
            #expect(try await back.end("x", next, isCommitted: true) == .none)
            #expect(try await reader.fetch("t", isCommitted: true).values == ["plain", "new"])
        }
    }

    @Test func twoServersDoNotShareAFolder() async throws {
        try await ServerBench.run { bench in
            let error = await #expect(throws: MartletError.self) {
                _ = try await LogServer.start(bench.settings, port: 0)
            }
            #expect(error?.code == .streamFolderInUse)
            #expect(error?.reason == "the log server with process id \(getpid()) has it open")
            // The first one goes on.
            let client = try await bench.connect()
            try await client.makeTopic("t")
            #expect(try await client.produce(["a"], to: "t").errorCode == .none)
        }
    }

    @Test func anAddressInUseIsTold() async throws {
        try await ServerBench.run { bench in
            let other = ServerBench()
            let error = await #expect(throws: MartletError.self) {
                _ = try await LogServer.start(other.settings, port: bench.port)
            }
            #expect(error?.code == .streamAddressUnusable)
            #expect(error?.message == "the log server cannot listen on 127.0.0.1:\(bench.port)")
            #expect(error?.reason == "another process listens there")
            // Its folder is free again.
            try await other.start()
            try await other.stop()
        }
    }

    @Test func partitionsAreLimited() async throws {
        let change: @Sendable (inout BrokerSettings) -> Void = { $0.partitionLimit = 5 }
        try await ServerBench.run(change: change) { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t", partitions: 3)
            func create(_ count: Int32) async throws -> CreateTopicsResponse.Topic? {
                let topic = CreateTopicsRequest.Topic(name: "u", numPartitions: count, replicationFactor: 1)
                return try await client.ask(CreateTopicsRequest(topics: [topic]), version: 7).topics.first
            }
            #expect(try await create(3)?.errorCode == .policyViolation)
            #expect(try await create(3)?.errorMessage == "there are 3 partitions, and 5 are allowed")
            #expect(try await create(2)?.errorCode == KafkaError.none)
            let grow = CreatePartitionsRequest(
                topics: [.init(name: "t", count: 4)],
                timeoutMs: 1_000,
                validateOnly: false
            )
            #expect(try await client.ask(grow, version: 3).results.map(\.errorCode) == [.policyViolation])
        }
    }

    @Test func compactedTopicsKeepTheLastOfEachKey() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            let configs = [("cleanup.policy", "compact"), ("segment.bytes", "300")]
            let topic = CreateTopicsRequest.Topic(
                name: "t",
                numPartitions: 1,
                replicationFactor: 1,
                configs: configs.map { .init(name: $0.0, value: $0.1) }
            )
            _ = try await client.ask(CreateTopicsRequest(topics: [topic]), version: 7)
            for number in 0..<40 {
                var builder = RecordBatchBuilder(attributes: BatchAttributes(codec: .none), producer: .none)
                builder.append(timestamp: 1, key: [UInt8(number % 3)], value: Array("\(number)".utf8))
                let records = try builder.build()[...]
                let request = ProduceRequest(
                    acks: -1,
                    timeoutMs: 1_000,
                    topics: [.init(name: "t", partitions: [.init(index: 0, records: records)])]
                )
                let answer = try await client.ask(request, version: 9)
                #expect(answer.topics.first?.partitions.first?.errorCode == KafkaError.none)
            }
            #expect(try await client.fetch("t").values.count == 40)
            let broker = try bench.running.broker
            await broker.keepLogs()
            // What was written is put in place behind this.
            await broker.endCompactions()
            _ = try await client.produce(["x"], to: "t")
            let values = try await client.fetch("t").values
            // The newest segment is not compacted; before it only the newest of each key is left.
            #expect(values.count < 12, "\(values)")
            #expect(values.suffix(3) == ["37", "38", "39"])
            #expect(try await client.fetch("t").answer.highWatermark == 40)
        }
    }
}
