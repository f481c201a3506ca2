import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// How answers leave the server: large ones from their files, small ones together.
@Suite(.timeLimit(.minutes(30)))
struct ServerSendingTests {
    /// Values of about that many bytes, each unlike the others.
    private static func values(_ count: Int, bytes: Int, seed: UInt64) -> [String] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { number in
            let word = (0..<61).map { _ in UInt8.random(in: 0x61...0x7A, using: &random) }
            return "\(number)-"
                + String(repeating: String(decoding: word, as: UTF8.self), count: bytes / word.count + 1)
        }
    }

    /// Sizes of batches below and above what is sent from the file, and above what a fetch asks for.
    @Test(arguments: [100, 40_000, 70_000, 500_000])
    func answersAreWhatWasAppended(bytes: Int) async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            let values = Self.values(12, bytes: bytes, seed: 5)
            for value in values { _ = try await client.produce([value], to: "t") }
            var found: [String] = []
            while found.count < values.count {
                let (new, answer) = try await client.fetch("t", from: Int64(found.count))
                try #require(!new.isEmpty && answer.errorCode == .none)
                found += new
            }
            #expect(found == values)
        }
    }

    @Test func requestsThatComeTogetherAreAnsweredInTheirOrder() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.makeTopic("t")
            let values = Self.values(40, bytes: 30_000, seed: 6)
            var bytes: [UInt8] = []
            for (number, value) in values.enumerated() {
                let id = Int32(number) * 2
                let produce = try WireClient.produceRequest([value], to: "t", acks: 1)
                bytes += WireFrame.request(produce, version: 9, correlationID: id, clientID: "test")
                let fetch = WireClient.fetchRequest("t", from: Int64(number))
                bytes += WireFrame.request(fetch, version: 12, correlationID: id + 1, clientID: "test")
            }
            try await client.send(bytes)
            for (number, value) in values.enumerated() {
                let id = Int32(number) * 2
                let produced = try await client.receive(ProduceResponse.self, version: 9, id: id)
                #expect(produced.topics.first?.partitions.first?.baseOffset == Int64(number))
                let fetched = try await client.receive(FetchResponse.self, version: 12, id: id + 1)
                let partition = try #require(fetched.topics.first?.partitions.first)
                #expect(try WireClient.values(partition, from: Int64(number)) == [value])
            }
        }
    }

    @Test func aClientThatAsksForMuchAtOnceGetsAllOfIt() async throws {
        try await ServerBench.run { bench in
            let (client, other) = (try await bench.connect(), try await bench.connect())
            try await client.makeTopic("t")
            let values = Self.values(8, bytes: 120_000, seed: 7)
            for value in values { _ = try await client.produce([value], to: "t") }
            // More than may be unsent: the server stops reading from it meanwhile, and serves others.
            let count: Int32 = 90
            let fetch = WireClient.fetchRequest("t")
            for id in 0..<count { try await client.send(fetch, version: 12, id: id) }
            #expect(try await other.fetch("t", from: 7).values == [values[7]])
            var first: WireRecords?
            for id in 0..<count {
                let answer = try await client.receive(FetchResponse.self, version: 12, id: id)
                let partition = try #require(answer.topics.first?.partitions.first)
                if id == 0 { first = partition.records }
                #expect(partition.records == first)
                if id % 30 == 0 { #expect(try WireClient.values(partition, from: 0) == values) }
            }
        }
    }

    @Test func whatIsBeingSentStaysReadableWhenItsTopicIsDeleted() async throws {
        try await ServerBench.run { bench in
            let (client, other) = (try await bench.connect(), try await bench.connect())
            try await client.makeTopic("t")
            let values = Self.values(8, bytes: 120_000, seed: 8)
            for value in values { _ = try await client.produce([value], to: "t") }
            let count: Int32 = 20
            for id in 0..<count { try await client.send(WireClient.fetchRequest("t"), version: 12, id: id) }
            let first = try await client.receive(FetchResponse.self, version: 12, id: 0)
            let delete = DeleteTopicsRequest(topics: [.init(name: "t")], timeoutMs: 1_000)
            #expect(try await other.ask(delete, version: 6).responses.map(\.errorCode) == [.none])
            #expect(try WireClient.values(#require(first.topics.first?.partitions.first), from: 0) == values)
            for id in 1..<count {
                let answer = try await client.receive(FetchResponse.self, version: 12, id: id)
                let partition = try #require(answer.topics.first?.partitions.first)
                let found = try WireClient.values(partition, from: 0)
                #expect(found == values || (found.isEmpty && partition.errorCode == .unknownTopicOrPartition))
            }
        }
    }

    @Test func aClientThatGoesWhileMuchIsSentHarmsNobody() async throws {
        try await ServerBench.run { bench in
            let other = try await bench.connect()
            try await other.makeTopic("t")
            let values = Self.values(8, bytes: 120_000, seed: 9)
            for value in values { _ = try await other.produce([value], to: "t") }
            for round in 0..<10 {
                let client = try await bench.connect()
                for id in 0..<Int32(round * 4) {
                    try await client.send(WireClient.fetchRequest("t"), version: 12, id: id)
                }
                try await client.send(WireClient.fetchRequest("t", from: 8, wait: 60_000), version: 12, id: 1_000)
                await client.close()
            }
            _ = try await other.produce(["last"], to: "t")
            #expect(try await other.fetch("t", from: 8).values == ["last"])
        }
    }
}
