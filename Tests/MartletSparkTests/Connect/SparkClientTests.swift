import Foundation
import GRPCCore
import MartletCore
import SwiftProtobuf
import Synchronization
import Testing

@testable import MartletSpark

@Suite("Requests of a client, against a fake server", .timeLimit(.minutes(30)))
struct SparkClientTests {
    @Test("Questions about plans")
    func analyze() async throws {
        let fake = FakeSpark()
        try await ClientBench.run(fake) { client, _ in
            let relation = SparkRelation.read(
                .jdbc(url: "jdbc:h2:x", table: "t", predicates: ["a < 1", "a >= 1"], properties: ["user": "u"])
            )
            let answer1 = try await client.schema(of: relation).ddl
            #expect(answer1 == "id BIGINT")
            let answer2 = try await client.explain(relation, mode: .cost)
            #expect(answer2 == "== Physical Plan ==")
            let answer3 = try await client.inputFiles(of: relation)
            #expect(answer3 == ["file:/a", "file:/b"])
            let answer4 = try await client.parse(ddl: "id BIGINT").ddl
            #expect(answer4 == "id BIGINT")
            let isStreaming = try await client.isStreaming(relation)
            #expect(isStreaming)
        }
        let asked = fake.read { $0.analyzed }
        let source = asked[1].schema.plan.root.read.dataSource
        #expect(source.format == "jdbc")
        #expect(source.predicates == ["a < 1", "a >= 1"])
        #expect(source.options == ["url": "jdbc:h2:x", "dbtable": "t", "user": "u"])
        #expect(asked[2].explain.explainMode == .cost)
        // The first answer tells the server's id of the session; from then on each request has it.
        #expect(!asked[0].hasClientObservedServerSideSessionID)
        #expect(asked.dropFirst().allSatisfy { $0.clientObservedServerSideSessionID == "server-1" })
        #expect(Set(asked.map(\.sessionID)).count == 1)
        #expect(Set(asked.map(\.userContext.userID)) == ["martlet"])
    }

    @Test("Configuration")
    func config() async throws {
        let fake = FakeSpark()
        try await ClientBench.run(fake) { client, _ in
            try await client.setConfig(["b": "2", "a": "1"])
            #expect(try await client.config("a") == nil)
            #expect(try await client.isModifiable("a"))
            let answer5 = try await client.allConfig()
            #expect(answer5 == ["a": "1"])
            try await client.unsetConfig(["a"])
        }
        #expect(fake.read { $0.configs }.first?.operation.set.pairs.map(\.key) == ["a", "b"])
    }

    @Test("Short requests are tried again, and their failures are explained")
    func retries() async throws {
        let fake = FakeSpark()
        fake.state.withLock { state in
            state.failures[.config] = [
                RPCError(code: .unavailable, message: "gone"),
                RPCError(code: .internalError, message: "[INVALID_CURSOR.DISCONNECTED] so"),
                FakeSpark.failure("BUSY", "later", retryAfter: .seconds(3)),
            ]
        }
        try await ClientBench.run(fake) { client, bench in
            let answer6 = try await client.allConfig()
            #expect(answer6 == ["a": "1"])
            #expect(bench.sleeps == [.milliseconds(50), .milliseconds(200), .seconds(3)])
            fake.state.withLock {
                $0.failures[.config] = [FakeSpark.failure("INVALID_CONF_VALUE", "no", sqlState: "22022")]
            }
            let error = await #expect(throws: SparkError.self) { try await client.setConfig(["a": "b"]) }
            #expect(error?.kind == .user)
            #expect(bench.sleeps.count == 3)
        }
    }

    @Test("Headers and the token go with each request, and the address says who asks")
    func headers() async throws {
        let fake = FakeSpark(token: "t")
        let bench = ClientBench()
        try await FakeSpark.run(fake) { url in
            let session = "11111111-2222-4333-8444-555555555555"
            let text =
                "sc://127.0.0.1:\(url.port)/;token=t;x-team=ml;user_id=ada;user_agent=probe;session_id=\(session)"
            let client = try await SparkClient.connect(to: SparkURL(text), options: bench.options)
            #expect(client.sessionID == session)
            try await client.execute(.range(to: 1)).finish()
            await client.shutdown()
        }
        #expect(fake.read { $0.headers }.allSatisfy { Array($0[stringValues: "x-team"]) == ["ml"] })
        let request = try #require(fake.read { $0.executed }.first)
        #expect(request.userContext.userID == "ada")
        #expect(request.clientType == "probe")
    }

    @Test("Small files share a message, large ones go in chunks with checksums")
    func artifacts() async throws {
        let fake = FakeSpark()
        let large = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
        try await ClientBench.run(fake) { client, _ in
            try await client.addArtifacts([
                try .jar("a.jar", [1, 2, 3]), try .python("b.py", large), try .file("c.txt", [UInt8]("123456789".utf8)),
            ])
        }
        let payloads = fake.read { $0.artifacts }.compactMap(\.payload)
        #expect(payloads.count == 4)
        guard case .batch(let batch) = payloads[0], case .beginChunk(let begin) = payloads[1],
            case .chunk(let second) = payloads[2], case .chunk(let third) = payloads[3]
        else {
            Issue.record("\(payloads)")
            return
        }
        #expect(batch.artifacts.map(\.name) == ["jars/a.jar", "files/c.txt"])
        // The check value of this checksum, as its definition gives it.
        #expect(batch.artifacts[1].data.crc == 0xCBF4_3926)
        #expect(begin.name == "pyfiles/b.py")
        #expect(begin.totalBytes == 70_000)
        #expect(begin.numChunks == 3)
        let parts = [begin.initialChunk, second, third]
        #expect(parts.map(\.data.count) == [32_768, 32_768, 4_464])
        #expect(parts.flatMap { [UInt8]($0.data) } == large)
    }

    @Test("A file that arrives damaged is an error, and so is a name that no file has")
    func damagedArtifacts() async throws {
        let fake = FakeSpark()
        fake.state.withLock { $0.badCRC = true }
        try await ClientBench.run(fake) { client, _ in
            let error = await #expect(throws: SparkError.self) { try await client.addArtifacts([try .file("a", [1])]) }
            #expect(error?.error.code == .sparkArtifactRefused)
        }
        for name in ["", "..", "a/b.jar", "a\\b.jar", "a.txt", "#.jar"] {
            #expect(throws: SparkError.self, "\(name)") { try SparkArtifact.jar(name, []) }
        }
    }

    @Test("Local rows go with the plan, and large ones once by their hash")
    func localData() async throws {
        let fake = FakeSpark()
        let large = [UInt8](repeating: 1, count: 2_000_000)
        try await ClientBench.run(fake) { client, _ in
            let small = try await client.relation(ofArrow: ArrowSamples.threeRows)
            #expect(small.proto.localRelation.data == .init(ArrowSamples.threeRows))
            #expect(fake.read { $0.artifacts }.isEmpty)
            let first = try await client.relation(ofArrow: large)
            let sent = fake.read { $0.artifacts }.count
            #expect(sent == 62)
            #expect(try await client.relation(ofArrow: large) == first)
            #expect(fake.read { $0.artifacts }.count == sent)
            guard case .beginChunk(let begin) = fake.read({ $0.artifacts }).first?.payload else {
                Issue.record("no chunk")
                return
            }
            #expect(begin.name == "cache/\(first.proto.cachedLocalRelation.hash)")
        }
    }

    @Test("The answer to the start of a streaming query is read to its end, and nothing is interrupted")
    func streamStart() async throws {
        let fake = FakeSpark { _ in
            [
                .send(
                    .with {
                        $0.writeStreamOperationStartResult = .with {
                            $0.queryID = .with {
                                $0.id = "query"
                                $0.runID = "run"
                            }
                            $0.name = "events"
                        }
                    }
                ), .complete,
            ]
        }
        try await ClientBench.run(fake) { client, _ in
            let id = try await client.start(.range(to: 1), SparkStreamWrite(format: "memory", queryName: "events"))
            #expect(id == SparkStreamID(id: "query", runID: "run", name: "events"))
        }
        #expect(fake.read { $0.interrupts }.isEmpty)
        #expect(fake.read { $0.releasedAll }.count == 1)
    }

    @Test("Chunks of results are asked for when wished")
    func chunkOptions() async throws {
        let fake = FakeSpark()
        let bench = ClientBench()
        var options = bench.options
        options.preferredChunkBytes = 1_000
        let chosen = options
        try await FakeSpark.run(fake) { url in
            let client = try await SparkClient.connect(to: url, options: chosen)
            try await client.execute(.range(to: 1)).finish()
            await client.shutdown()
        }
        let asked = try #require(fake.read { $0.executed }.first).requestOptions
        #expect(asked.contains { $0.reattachOptions.reattachable })
        #expect(asked.contains { $0.resultChunkingOptions.preferredArrowChunkSize == 1_000 })
    }
}

@Suite("Messages in the wire format")
struct WireReaderTests {
    @Test("The bytes of a batch are found where they are")
    func split() throws {
        let message = ProtoExecutePlanResponse.with {
            $0.sessionID = "s"
            $0.arrowBatch = .with {
                $0.rowCount = 300
                $0.data = .init([9, 8, 7])
                $0.startOffset = 5
            }
            $0.responseID = "r"
        }
        let bytes: [UInt8] = try message.serializedBytes()
        let (rest, range) = try bytes.withUnsafeBytes { try ExecuteResponseDeserializer.split($0) }
        #expect(range.map { Array(bytes[$0]) } == [9, 8, 7])
        var expected = message
        expected.arrowBatch.data = .init()
        #expect(try ProtoExecutePlanResponse(serializedBytes: rest) == expected)
    }

    @Test("Cut and changed messages are errors or messages, never crashes")
    func fuzzed() throws {
        let message = ProtoExecutePlanResponse.with {
            $0.sessionID = "session"
            $0.arrowBatch = .with {
                $0.rowCount = 1 << 40
                $0.data = .init([UInt8](repeating: 5, count: 40))
            }
            $0.schema = SparkDataType.structure([SparkField("a", .decimal(precision: 3, scale: 1))]).proto
        }
        let bytes: [UInt8] = try message.serializedBytes()
        var generator = SplitMix(state: 7)
        for length in 0..<bytes.count { Self.read(Array(bytes.prefix(length))) }
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<3 {
                changed[Int(generator.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            Self.read(changed)
        }
    }

    private static func read(_ bytes: [UInt8]) {
        guard let (rest, range) = try? bytes.withUnsafeBytes({ try ExecuteResponseDeserializer.split($0) }) else {
            return
        }
        if let range { #expect(range.lowerBound >= 0 && range.upperBound <= bytes.count) }
        guard let message = try? ProtoExecutePlanResponse(serializedBytes: rest) else { return }
        if message.hasSchema { _ = SparkDataType(message.schema)?.ddl }
    }

    private struct SplitMix {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }
}
