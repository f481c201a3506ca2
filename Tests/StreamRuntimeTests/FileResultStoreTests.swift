import Foundation
import MartletCore
import MartletStreams
import MartletTestKit
import Testing

@testable import MartletRuntime

struct FileResultStoreTests {
    private final class Place: Sendable {
        let folder = NSTemporaryDirectory() + "martlet-files-\(UUID().uuidString)"

        init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func text(_ name: String) -> String? {
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
        }
        var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }
    }

    private func pane(_ name: String, _ count: Int64, isRetraction: Bool = false) -> Pane {
        Pane(
            key: [.text(name)],
            window: StreamWindow(start: 0, end: 10_000_000),
            values: [.integer(count), .null],
            timing: .onTime,
            index: 0,
            isLast: true,
            isRetraction: isRetraction
        )
    }

    private func cut(_ number: Int64, isFinal: Bool = false) -> StreamCut {
        StreamCut(number: number, offsets: [:], state: [], isFinal: isFinal)
    }

    @Test
    func writesCSV() async throws {
        let place = try Place()
        let store = try FileResultStore(
            path: "\(place.folder)/r.csv",
            plan: StreamPlan(RunnerSamples.definition())
        )
        #expect(try await store.open() == nil)
        try await store.commit(StreamResults(panes: [pane("a,\"b\"\n", 1)]), cut(1))
        #expect(place.text("r.csv") == nil)
        let letter = RejectedEvent(partition: TopicPartition("in", 0), offset: 3, reason: "late", value: [255])
        try await store.commit(StreamResults(panes: [pane("", 2)], rejected: [letter]), cut(2, isFinal: true))
        await store.close()
        let expected = """
            name,window_start,window_end,count,total,pane
            "a,""b""
            ",1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,1,,0
            "",1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,2,,0

            """
        #expect(place.text("r.csv") == expected)
        #expect(place.text("r.csv.rejected.jsonl")?.contains(#""valueBase64":"/w=="#) == true)
        #expect(place.names == ["r.csv", "r.csv.rejected.jsonl"])
    }

    @Test
    func writesJSONOfTheLastPanes() async throws {
        let place = try Place()
        var definition = RunnerSamples.definition()
        definition.emit = .onChange
        let store = try FileResultStore(path: "\(place.folder)/r.ndjson", plan: StreamPlan(definition))
        _ = try await store.open()
        try await store.commit(StreamResults(panes: [pane("a", 1), pane("b", 1), pane("c", 1)]), cut(1))
        let second = [pane("a", 2), pane("c", 1, isRetraction: true)]
        try await store.commit(StreamResults(panes: second), cut(2, isFinal: true))
        await store.close()
        let window = #""window_start":"1970-01-01T00:00:00Z","window_end":"1970-01-01T00:00:10Z""#
        let expected = """
            {"name":"a",\(window),"count":2,"total":null,"pane":0}
            {"name":"b",\(window),"count":1,"total":null,"pane":0}

            """
        #expect(place.text("r.ndjson") == expected)
    }

    @Test
    func leavesNothingOfARunThatFailed() async throws {
        let place = try Place()
        let store = try FileResultStore(path: "\(place.folder)/r.jsonl", plan: StreamPlan(RunnerSamples.definition()))
        _ = try await store.open()
        try await store.commit(StreamResults(panes: [pane("a", 1)]), cut(1))
        await store.close()
        #expect(place.names.isEmpty)
    }

    @Test(arguments: ["r.parquet", "r", "missing/r.csv"])
    func refusesOtherNames(name: String) async throws {
        let place = try Place()
        await #expect {
            let plan = try StreamPlan(RunnerSamples.definition())
            _ = try await FileResultStore(path: "\(place.folder)/\(name)", plan: plan).open()
        } throws: { error in
            (error as? MartletError)?.code == .streamResultsUnwritable
        }
    }
}
