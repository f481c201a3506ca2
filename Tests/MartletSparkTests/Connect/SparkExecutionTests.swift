import GRPCCore
import MartletCore
import SwiftProtobuf
import Synchronization
import Testing

@testable import MartletSpark

@Suite("Executions, against a fake server", .timeLimit(.minutes(30)))
struct SparkExecutionTests {
    /// What happened, as short texts.
    static func texts(_ execution: SparkExecution) async throws -> [String] {
        var texts: [String] = []
        for try await event in execution {
            switch event {
            case .started: texts.append("started")
            case .schema(let type): texts.append(type.ddl)
            case .batch(let data): texts.append("\(data.startOffset)+\(data.rowCount):\(data.bytes.array)")
            case .progress(let progress): texts.append("\(progress.completedTasks)/\(progress.tasks)")
            case .metrics(let metrics): texts.append("metrics \(metrics.map(\.name))")
            case .observation(let observation): texts.append("\(observation.name)=\(observation.values.map(\.key))")
            case .reattached: break
            case .streamStarted, .stream: texts.append("stream")
            }
        }
        return texts
    }

    static let columns = SparkDataType.structure([SparkField("id", .long, isNullable: false)])

    @Test("Schema, progress, batches and counts arrive in order, and the operation is released")
    func everything() async throws {
        let fake = FakeSpark { _ in
            [
                FakeSpark.schema(SparkExecutionTests.columns), FakeSpark.progress(done: 0, of: 4),
                FakeSpark.progress(done: 0, of: 4), FakeSpark.batch(rows: 2, offset: 0, [1, 2]),
                FakeSpark.progress(done: 4, of: 4), FakeSpark.batch(rows: 1, offset: 2, [3]),
                .send(
                    .with {
                        $0.metrics = .with { $0.metrics = [.with { $0.name = "Range" }] }
                        $0.observedMetrics = [
                            .with {
                                $0.name = "seen"
                                $0.keys = ["rows"]
                                $0.values = [SparkValue.long(3).literal]
                            }
                        ]
                    }
                ),
                .complete,
            ]
        }
        try await ClientBench.run(fake) { client, _ in
            let texts = try await Self.texts(client.execute(.range(to: 3), tags: ["step-7"]))
            #expect(
                texts == [
                    "started", "id BIGINT NOT NULL", "0/4", "0+2:[1, 2]", "4/4", "2+1:[3]", "seen=[\"rows\"]",
                    "metrics [\"Range\"]",
                ]
            )
        }
        #expect(fake.read { $0.executed }.map(\.tags) == [["step-7"]])
        #expect(fake.read { $0.releasedAll }.count == 1)
        #expect(fake.read { $0.sessionsReleased } == 1)
        #expect(fake.read { $0.interrupts }.isEmpty)
    }

    @Test("A SQL text is read, and then what it left is run")
    func sqlCommand() async throws {
        let fake = FakeSpark { request in
            guard case .command = request.plan.opType else {
                return [FakeSpark.schema(SparkExecutionTests.columns), FakeSpark.batch(rows: 1, [9]), .complete]
            }
            return [
                .send(.with { $0.sqlCommandResult = .with { $0.relation = SparkRelation.sql("SELECT 9").proto } }),
                .complete,
            ]
        }
        try await ClientBench.run(fake) { client, _ in
            let execution = try client.execute(
                sql: "SELECT :n",
                arguments: .named(values: ["n": 9]),
                tags: ["t"]
            )
            let texts = try await Self.texts(execution)
            #expect(texts == ["started", "started", "id BIGINT NOT NULL", "0+1:[9]"])
        }
        let sent = fake.read { $0.executed }
        #expect(sent.map(\.tags) == [["t"], ["t"]])
        #expect(Set(sent.map(\.operationID)).count == 2)
        #expect(sent.first?.plan.command.sqlCommand.input.sql.namedArguments["n"]?.literal.long == 9)
        #expect(sent.last?.plan.root.sql.query == "SELECT 9")
        #expect(fake.read { $0.releasedAll }.count == 2)
    }

    /// The result is cut before each of its messages in turn, by an end of the stream or by a failure that may pass.
    @Test("A result that is cut anywhere arrives whole", arguments: 0..<6, [true, false])
    func cut(place: Int, ends: Bool) async throws {
        let fake = FakeSpark { _ in
            var steps: [FakeSpark.Step] = [
                FakeSpark.schema(SparkExecutionTests.columns), FakeSpark.batch(rows: 1, offset: 0, [1]),
                FakeSpark.batch(rows: 1, offset: 1, [2], chunk: 0, of: 2),
                FakeSpark.batch(rows: 1, offset: 1, [3], chunk: 1, of: 2), FakeSpark.batch(rows: 1, offset: 2, [4]),
                .complete,
            ]
            steps.insert(ends ? .endStream : .fail(RPCError(code: .unavailable, message: "lost")), at: place)
            return steps
        }
        try await ClientBench.run(fake) { client, bench in
            let texts = try await Self.texts(client.execute(.range(to: 3)))
            #expect(texts == ["started", "id BIGINT NOT NULL", "0+1:[1]", "1+1:[2, 3]", "2+1:[4]"])
            #expect(bench.sleeps == (ends && place > 0 ? [] : [.milliseconds(50)]))
        }
        let reattached = fake.read { $0.reattached }
        #expect(reattached.count == 1)
        // Responses are numbered by their place in the script, in which the cut has one too.
        #expect(reattached.first?.lastResponseID == (place == 0 ? "" : String(place - 1)))
        #expect(fake.read { $0.executed }.count == 1)
    }

    @Test("A plan that did not arrive is sent again, under the same id")
    func sentAgain() async throws {
        let fake = FakeSpark { _ in [FakeSpark.batch(rows: 1, offset: 0, [1]), .complete] }
        fake.state.withLock { $0.failures[.executePlan] = [RPCError(code: .unavailable, message: "gone")] }
        try await ClientBench.run(fake) { client, bench in
            let texts = try await Self.texts(client.execute(.range(to: 1)))
            #expect(texts == ["started", "0+1:[1]"])
            #expect(bench.sleeps == [.milliseconds(50), .milliseconds(200)])
        }
        #expect(fake.read { $0.executed }.count == 2)
        #expect(Set(fake.read { $0.executed }.map(\.operationID)).count == 1)
    }

    @Test("A server's wish for a wait is honoured, whatever the status")
    func retryInfo() async throws {
        let fake = FakeSpark { _ in
            [
                FakeSpark.batch(rows: 1, offset: 0, [1]),
                .fail(FakeSpark.failure("BUSY", "later", code: .resourceExhausted, retryAfter: .seconds(42))),
                FakeSpark.batch(rows: 1, offset: 1, [2]), .complete,
            ]
        }
        try await ClientBench.run(fake) { client, bench in
            let texts = try await Self.texts(client.execute(.range(to: 1)))
            #expect(texts == ["started", "0+1:[1]", "1+1:[2]"])
            #expect(bench.sleeps == [.seconds(42)])
        }
    }

    @Test("What the server lost is an error, and is not run twice")
    func resultLost() async throws {
        let fake = FakeSpark { _ in [FakeSpark.batch(rows: 1, offset: 0, [1]), .forget] }
        try await ClientBench.run(fake) { client, _ in
            let error = await #expect(throws: SparkError.self) { try await Self.texts(client.execute(.range(to: 1))) }
            #expect(error?.error.code == .sparkResultLost)
            #expect(error?.kind == .retryable)
        }
        #expect(fake.read { $0.executed }.count == 1)
    }

    @Test("A session that is another than before is an error", arguments: [true, false])
    func sessionChanged(serverSide: Bool) async throws {
        let fake = FakeSpark { _ in
            [
                FakeSpark.batch(rows: 1, offset: 0, [1]), serverSide ? .changeSession : .otherSession,
                FakeSpark.batch(rows: 1, offset: 1, [2]), .complete,
            ]
        }
        try await ClientBench.run(fake) { client, _ in
            let error = await #expect(throws: SparkError.self) { try await Self.texts(client.execute(.range(to: 1))) }
            #expect(error?.error.code == (serverSide ? .sparkSessionLost : .sparkProtocolViolated))
        }
    }

    @Test(
        "Batches that do not follow each other are errors",
        arguments: [
            [FakeSpark.batch(rows: 1, offset: 5, [1])],
            [FakeSpark.batch(rows: 1, offset: 0, [1]), FakeSpark.batch(rows: 1, offset: 0, [1])],
            [FakeSpark.batch(rows: 1, [1], chunk: 1, of: 2)],
            [FakeSpark.batch(rows: 1, [1], chunk: 0, of: 2), FakeSpark.batch(rows: 1, [1])],
            [FakeSpark.batch(rows: 1, [1], chunk: 0, of: 3), FakeSpark.batch(rows: 1, [1], chunk: 2, of: 3)],
            [FakeSpark.batch(rows: 1, [1], chunk: 0, of: 2)],
            [FakeSpark.batch(rows: 1, [1], chunk: 0, of: 0)],
            [FakeSpark.batch(rows: 1, [1], chunk: -1, of: 2)],
            [FakeSpark.batch(rows: 1, [1], chunk: 0, of: 1 << 60)],
            [FakeSpark.batch(rows: -1, [1])],
        ]
    )
    func badBatches(steps: [FakeSpark.Step]) async throws {
        let fake = FakeSpark { _ in steps + [.complete] }
        try await ClientBench.run(fake) { client, _ in
            let error = await #expect(throws: SparkError.self) { try await Self.texts(client.execute(.range(to: 1))) }
            #expect(error?.error.code == .sparkProtocolViolated)
        }
    }

    /// What is between the two programs bounds how far a server runs ahead of a reader that stands still: the events that
    /// wait, the window of the stream, the buffers of the sockets, and what gRPC holds on both sides.
    @Test("A reader that stands still holds the server back, and nothing is lost")
    func backPressure() async throws {
        let size = 1 << 20
        let count = 256
        let fake = FakeSpark { _ in
            let bytes = [UInt8](repeating: 7, count: size)
            return (0..<count).map { FakeSpark.batch(rows: 1, offset: Int64($0), bytes) } + [.complete]
        }
        try await ClientBench.run(fake) { client, _ in
            let execution = try client.execute(.range(to: 64))
            var rows = 0
            for try await event in execution {
                guard case .batch(let data) = event else { continue }
                rows += data.rowCount
                #expect(data.bytes.count == size)
                guard rows == 1 || rows == 100 else { continue }
                // Until the server sends nothing more.
                var (sent, still) = (-1, 0)
                while still < 20 {
                    try await SparkOptions.system.sleep(.milliseconds(10))
                    let now = fake.read { $0.sent }
                    still = now == sent ? still + 1 : 0
                    sent = now
                }
                #expect(execution.waitingEvents <= 2)
                #expect(sent - rows < 100, "the server is \(sent - rows) MiB ahead")
            }
            #expect(rows == count)
        }
        // The server may forget what arrived: each 4 MiB.
        #expect(!fake.read { $0.releasedUntil }.isEmpty)
    }

    @Test("Cancelling the reading task stops the operation on the server")
    func cancelled() async throws {
        let fake = FakeSpark { _ in [FakeSpark.batch(rows: 1, offset: 0, [1]), .hold] }
        try await ClientBench.run(fake) { client, _ in
            let (started, signal) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                for try await event in try client.execute(.range(to: 1)) {
                    if case .batch = event { signal.finish() }
                }
            }
            for await _ in started {}
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            // By the time that the reader knows, the server was told.
            #expect(fake.read { $0.interrupts }.map(\.operationID) == fake.read { $0.executed }.map(\.operationID))
            #expect(fake.read { $0.releasedAll }.count == 1)
        }
    }

    @Test("Letting an execution go, or shutting down, stops the operation on the server", arguments: [true, false])
    func abandoned(byShutdown: Bool) async throws {
        let fake = FakeSpark { _ in [FakeSpark.batch(rows: 1, offset: 0, [1]), .hold] }
        try await ClientBench.run(fake) { client, _ in
            var execution: SparkExecution? = try client.execute(.range(to: 1))
            for try await event in try #require(execution) {
                if case .batch = event { break }
            }
            if !byShutdown { execution = nil }
            await client.shutdown()
            #expect(fake.read { $0.interrupts }.count == 1)
            _ = execution
        }
        #expect(fake.read { $0.sessionsReleased } == 1)
    }

    @Test("A request to stop that fails is made again")
    func interruptedAgain() async throws {
        let fake = FakeSpark { _ in [FakeSpark.batch(rows: 1, offset: 0, [1]), .hold] }
        fake.state.withLock { $0.failures[.interrupt] = [RPCError(code: .unavailable, message: "gone")] }
        try await ClientBench.run(fake) { client, bench in
            let execution = try client.execute(.range(to: 1))
            for try await event in execution {
                if case .batch = event { break }
            }
            await execution.cancel()
            #expect(fake.read { $0.interrupts }.count == 1)
            #expect(fake.read { $0.releasedAll }.count == 1)
            #expect(bench.sleeps == [.milliseconds(200)])
        }
    }

    /// Connects, reads one batch, and lets all go: the client first, then the execution.
    private static func letGo(_ url: SparkURL, _ options: SparkOptions) async throws {
        let client = try await SparkClient.connect(to: url, options: options)
        for try await event in try client.execute(.range(to: 1)) {
            if case .batch = event { return }
        }
    }

    @Test("The connection stays until the operation of an execution that is let go was stopped")
    func abandonedWithClient() async throws {
        let fake = FakeSpark { _ in [FakeSpark.batch(rows: 1, offset: 0, [1]), .hold] }
        let chosen = ClientBench().options
        try await FakeSpark.run(fake) { url in
            try await Self.letGo(url, chosen)
            var waits = 0
            while waits < 1000, fake.read({ $0.releasedAll }).isEmpty {
                waits += 1
                try await SparkOptions.system.sleep(.milliseconds(10))
            }
            #expect(fake.read { $0.interrupts }.count == 1)
            #expect(fake.read { $0.releasedAll }.count == 1)
        }
    }

    @Test("Interrupts by tag, id and all end the result as cancelled", arguments: 0..<3)
    func interrupts(number: Int) async throws {
        let fake = FakeSpark { _ in [FakeSpark.batch(rows: 1, offset: 0, [1]), .hold] }
        try await ClientBench.run(fake) { client, _ in
            let execution = try client.execute(.range(to: 1), tags: ["step-1"])
            var id = ""
            do {
                for try await event in execution {
                    if case .started(let operationID) = event { id = operationID }
                    guard case .batch = event else { continue }
                    let what: SparkInterrupt = [.tag("step-1"), .operation(id), .all][number]
                    #expect(try await client.interrupt(what) == [id])
                }
                Issue.record("the result ended well")
            } catch let error as SparkError {
                #expect(error.kind == .cancelled)
                #expect(error.error.code == .sparkOperationCancelled)
                #expect(error.sqlState == "HY008")
            }
        }
    }

    @Test("A client that was shut down takes no more work")
    func closed() async throws {
        try await ClientBench.run(FakeSpark()) { client, _ in
            await client.shutdown()
            #expect(throws: SparkError.self) { try client.execute(.range(to: 1)) }
            await #expect(throws: SparkError.self) { try await client.schema(of: .range(to: 1)) }
        }
    }

    @Test("Tags that Spark cannot have are refused", arguments: ["", "a,b"])
    func tags(tag: String) async throws {
        try await ClientBench.run(FakeSpark()) { client, _ in
            let error = #expect(throws: SparkError.self) { try client.execute(.range(to: 1), tags: [tag]) }
            #expect(error?.error.code == .sparkValueInvalid)
        }
    }
}

@Suite("Events on their way from one task to others", .timeLimit(.minutes(30)))
struct EventChannelTests {
    @Test("Several readers share the elements, and all of them come to the end", arguments: [1, 2, 5])
    func readers(count: Int) async throws {
        let channel = EventChannel<Int>(capacity: 2)
        let found = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<count {
                group.addTask {
                    var mine: [Int] = []
                    while let element = try await channel.next() { mine.append(element) }
                    return mine
                }
            }
            for number in 0..<1000 { try await channel.send(number) }
            channel.finish(.success(()))
            var all: [Int] = []
            for try await part in group { all += part }
            return all
        }
        #expect(found.sorted() == Array(0..<1000))
    }

    @Test("Readers that wait are told of a failure once, and of the end")
    func failure() async throws {
        let channel = EventChannel<Int>(capacity: 2)
        let failures = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do { return try await channel.next() != nil } catch { return true }
                }
            }
            channel.finish(.failure(CancellationError()))
            var failures = 0
            for await failed in group where failed { failures += 1 }
            return failures
        }
        #expect(failures == 1)
    }
}
