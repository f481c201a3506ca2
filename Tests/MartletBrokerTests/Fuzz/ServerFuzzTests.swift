import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// Frames that are damaged in all ways, over the socket of a running server: it serves the others as before.
@Suite(.timeLimit(.minutes(30)))
struct ServerFuzzTests {
    /// What is done to a frame.
    private enum Damage: CaseIterable {
        case none, bitFlip, cut, insert, noise, length, version, hugeNumber
    }

    @Test(arguments: 1...4) func damagedFramesHurtNobodyElse(seed: UInt64) async throws {
        let change: @Sendable (inout BrokerSettings) -> Void = {
            $0.partitionLimit = 40
            $0.idleMilliseconds = 600_000
        }
        try await ServerBench.run(change: change) { bench in
            let other = try await bench.connect()
            try await other.makeTopic("kept", partitions: 2)
            _ = try await other.produce(["a", "b"], to: "kept")
            var random = SeededGenerator(seed: seed)
            let frames = try Self.frames()
            #expect(frames.count > 60)
            for round in 0..<60 {
                let client = try await bench.connect()
                var bytes: [UInt8] = []
                for _ in 0..<20 {
                    let frame = frames.randomElement(using: &random) ?? []
                    bytes += Self.damaged(frame, &random)
                }
                // It may be closed before all is sent.
                try? await client.send(bytes)
                if Bool.random(using: &random) { _ = await Self.firstAnswer(client) }
                await client.close()
                if round % 10 == 0 {
                    #expect(try await other.ask(ApiVersionsRequest(), version: 3).errorCode == .none)
                }
            }
            // All of it has been worked on when this is answered.
            _ = try await other.produce(["c"], to: "kept")
            let (values, _) = try await other.fetch("kept")
            #expect(values.filter { ["a", "b", "c"].contains($0) } == ["a", "b", "c"])
            let producer = try await other.begin("fine")
            try await other.add("kept", to: "fine", producer)
            _ = try await other.produce(["d"], to: "kept", producer: producer, transactionalID: "fine")
            #expect(try await other.end("fine", producer, isCommitted: true) == .none)
            #expect(BrokerMetricsText(try await bench.running.metrics()).text.contains("kafka_brokers 1\n"))
            // What it wrote can be read by the next start.
            let before = try await other.fetch("kept").values
            try await bench.stop()
            try await bench.start()
            #expect(try await bench.connect().fetch("kept").values == before)
        }
    }

    /// The first answer, or nothing when the connection was closed; a request that waits has one soon as well, as all that
    /// are open are answered at the end.
    private static func firstAnswer(_ client: WireClient) async -> [UInt8]? {
        try? await client.send(ApiVersionsRequest(), version: 3, id: 99)
        await client.endSending()
        return await client.frame()
    }

    /// Requests of all kinds as kafka-python wrote them, with headers.
    private static func frames() throws -> [[UInt8]] {
        var random = SeededGenerator(seed: 9)
        return try WireFixtures.all.filter { $0.codec.isRequest && !$0.isTagged }.map { fixture in
            if fixture.isFrame { return fixture.bytes }
            var writer = WireWriter()
            writer.int32(0)
            let header = RequestHeader(
                apiKey: fixture.codec.api.rawValue,
                apiVersion: fixture.version,
                correlationID: Int32.random(in: 0 ... .max, using: &random),
                clientID: "fuzz"
            )
            header.write(to: &writer)
            let bytes = writer.bytes + (try fixture.body())
            return bigEndian(bytes.count - 4) + bytes.dropFirst(4)
        }
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: Int32(truncatingIfNeeded: number).bigEndian) { Array($0) }
    }

    private static func damaged(_ frame: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        guard frame.count > 12 else { return frame }
        var body = Array(frame.dropFirst(4))
        let place = Int.random(in: 8..<body.count, using: &random)
        switch Damage.allCases.randomElement(using: &random) ?? .none {
        case .none: break
        case .bitFlip: body[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case .cut: body.removeLast(body.count - place)
        case .insert: body.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case .noise: for index in place..<body.count { body[index] = UInt8.random(in: 0...255, using: &random) }
        case .hugeNumber: for index in place..<min(body.count, place + 4) { body[index] = index == place ? 0x7F : 0xFF }
        case .version: body[3] = UInt8.random(in: 0...20, using: &random)
        case .length:
            // Not too long often, as nothing more would be understood.
            let wrong = Int.random(in: -3...3, using: &random)
            return bigEndian(body.count + wrong) + body
        }
        return bigEndian(body.count) + body
    }
}
