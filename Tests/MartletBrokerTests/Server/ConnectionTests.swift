import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletBroker

/// Connections come, are watched, and go.
@Suite(.timeLimit(.minutes(30)))
struct ConnectionTests {
    @Test func whoAsksNothingIsClosed() async throws {
        let limit = Mutex<Int64>(600_000)
        let change: @Sendable (inout BrokerSettings) -> Void = { settings in
            settings.idleMilliseconds = limit.withLock { $0 }
        }
        try await ServerBench.run(change: change) { bench in
            try await bench.connect().makeTopic("t")
            try await bench.stop()
            limit.withLock { $0 = 5_000 }
            try await bench.start()
            let waiting = try await bench.connect()
            try await waiting.send(WireClient.fetchRequest("t", wait: 300_000), version: 12)
            // Closed by itself, without any byte.
            let idle = try await bench.connect()
            #expect(await idle.frame() == nil)
            // Who waits for an answer is not idle; who has it is.
            #expect(try await bench.connect().produce(["late"], to: "t").errorCode == .none)
            let answer = try await waiting.receive(FetchResponse.self, version: 12)
            #expect(try WireClient.values(try #require(answer.topics.first?.partitions.first), from: 0) == ["late"])
            #expect(await waiting.frame() == nil)
        }
    }

    @Test func tooManyAreRefused() async throws {
        let change: @Sendable (inout BrokerSettings) -> Void = { $0.connectionLimit = 2 }
        try await ServerBench.run(change: change) { bench in
            let clients = (try await bench.connect(), try await bench.connect())
            for client in [clients.0, clients.1] {
                #expect(try await client.ask(ApiVersionsRequest(), version: 3).errorCode == .none)
            }
            #expect(await (try bench.connect()).frame() == nil)
            await clients.0.close()
            // There is room as soon as the server has seen that the other one left.
            var isIn = false
            while !isIn {
                let next = try await bench.connect()
                try? await next.send(ApiVersionsRequest(), version: 3)
                isIn = await next.frame() != nil
            }
            let metrics = try await bench.running.metrics()
            #expect(metrics.refusedConnections >= 1 && metrics.acceptedConnections == 3)
            let notices = bench.notices.withLock { $0 }
            #expect(notices.first?.kind == .tooManyConnections)
            #expect(notices.first?.text == "a connection was refused: 2 are open, and no more are allowed")
        }
    }

    @Test(
        arguments: [
            // A length that cannot be, no header, an API that is not served, a body that ends early.
            ([0x7F, 0xFF, 0xFF, 0xFF], "sent what is no request"),
            ([0, 0, 0, 2, 1, 2], "sent a request without a header"),
            ([0, 0, 0, 10, 0x7F, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF], "asked for API 32512 in version 0"),
            ([0, 0, 0, 11, 0, 3, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF, 9], "sent Metadata 1 that cannot be read"),
        ] as [([UInt8], String)]
    )
    func nonsenseIsTold(bytes: [UInt8], text: String) async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            try await client.send(bytes)
            #expect(await client.frame() == nil)
            let other = try await bench.connect()
            #expect(try await other.ask(ApiVersionsRequest(), version: 3).errorCode == .none)
            let notices = bench.notices.withLock { $0 }
            #expect(notices.count == 1 && notices.first?.kind == .badRequest)
            #expect(notices.first?.text.contains(text) == true, "\(notices)")
        }
    }

    @Test func aStopWhileClientsAreThereAnswersWhatWaitsForTheDisk() async throws {
        let bench = ServerBench(flush: .always)
        try await bench.start()
        let (reader, writer) = (try await bench.connect(), try await bench.connect())
        try await writer.makeTopic("t")
        try await reader.send(WireClient.fetchRequest("t", from: 0, wait: 300_000), version: 12)
        for number in Int32(0)..<50 {
            try await writer.send(try WireClient.produceRequest(["\(number)"], to: "t"), version: 9, id: number)
        }
        _ = try await writer.receive(ProduceResponse.self, version: 9, id: 0)
        try await bench.stop()
        // Whatever was acknowledged is there after the start; both connections have ended.
        var acknowledged = 1
        while await writer.frame() != nil { acknowledged += 1 }
        while await reader.frame() != nil {}
        try await bench.start()
        let values = try await bench.connect().fetch("t").values
        #expect(values.count >= acknowledged)
        #expect(values == (0..<values.count).map { "\($0)" })
        try await bench.stop()
    }
}
