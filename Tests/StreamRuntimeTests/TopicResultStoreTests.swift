import Foundation
import MartletCore
import MartletStreams
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.tags(.conformance), .timeLimit(.minutes(30)))
struct TopicResultStoreTests {
    private static func folder() -> String { NSTemporaryDirectory() + "martlet-cuts-\(UUID().uuidString)" }

    @Test(arguments: StreamResultStoreConformance.allCases)
    func fake(_ behaviour: StreamResultStoreConformance) async throws {
        let streams = InMemoryStreams(now: { 1 })
        streams.makeTopic("input", partitions: 2)
        streams.makeTopic("out", partitions: 1)
        streams.makeTopic("dead", partitions: 1)
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await behaviour.check(TopicBench.bench(streams, "", folder, RunnerSamples.timer(ManualClock())))
    }

    /// On the log server, or on the broker that `MARTLET_TEST_KAFKA` names.
    @Test(.enabled(if: TestBroker.canRun), arguments: StreamResultStoreConformance.allCases)
    func broker(_ behaviour: StreamResultStoreConformance) async throws {
        let broker = try await TestBroker()
        let prefix = "s\(UInt32.random(in: 0 ... .max))-"
        try await broker.makeTopics(["\(prefix)input": 2, "\(prefix)out": 1, "\(prefix)dead": 1])
        let timer = StreamTimer(clock: .continuous, wallTime: ManualClock().wallTime)
        try await behaviour.check(TopicBench.bench(broker.client(), prefix, broker.folder + "/cuts", timer))
        try await broker.end()
    }

    @Test
    func sendsAgainAfterAnAbort() async throws {
        let streams = InMemoryStreams(now: { 1 })
        streams.makeTopic("input", partitions: 2)
        streams.makeTopic("out", partitions: 1)
        let folder = Self.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let bench = try TopicBench.bench(streams, "", folder, RunnerSamples.timer(ManualClock()))
        let store = try bench.makeStore()
        _ = try await store.open()
        let abortable = StreamError(.abortable, MartletError(.streamTransactionBroken, "abort"))
        streams.fail(.commitTransaction, with: abortable)
        streams.fail(.send, with: StreamError(.retriable, MartletError(.streamRequestRefused, "no")))
        let cut = StreamCut(number: 1, offsets: [TopicPartition("input", 0): 1], state: [1])
        let pane = Pane(
            key: [.text("a"), .integer(1)],
            window: StreamWindow(start: 0, end: 1),
            values: [.integer(1), .null, .null, .null, .null],
            timing: .onTime,
            index: 0,
            isLast: true
        )
        try await store.commit(StreamResults(panes: [pane]), cut)
        #expect(streams.records(of: TopicPartition("out", 0)).count == 1)
        await store.close()
        #expect(try await bench.makeStore().open() == cut)
        // Without its file the cut cannot be told.
        try FileManager.default.removeItem(atPath: folder)
        await #expect {
            _ = try await bench.makeStore().open()
        } throws: { error in
            (error as? MartletError)?.code == .streamCutUnreadable
        }
    }

    @Test
    func keysByTheKeyAlone() throws {
        let shape = try TopicBench.shape
        let json = ResultJSON(shape)
        let records = TopicRecords(shape: shape, json: json, keying: .key, output: "out", deadLetters: "dead")
        func key(_ values: [StreamValue]) -> String {
            let pane = Pane(
                key: values,
                window: StreamWindow(start: 0, end: 1),
                values: [],
                timing: .onTime,
                index: 0,
                isLast: true
            )
            var text = ""
            for piece in records.pieces(StreamResults(panes: [pane])) {
                piece.visit(0..<1) { _, record in
                    text = record.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
                    return true
                }
            }
            return text
        }
        #expect(key([.text("a\"b")]) == "a\"b")
        #expect(key([.text("a\"\u{1}"), .integer(3), .null]) == #"["a\"\u0001",3,null]"#)
        #expect(key([.integer(3)]) == "[3]")
        #expect(key([]) == "[]")
    }
}
