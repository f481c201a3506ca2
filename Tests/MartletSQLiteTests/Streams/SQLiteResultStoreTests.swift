import Foundation
import GRDB
import MartletCore
import MartletTestKit
import Testing

@testable import MartletSQLite

@Suite(.tags(.conformance))
struct SQLiteResultStoreTests {
    /// A database in a folder that goes with it.
    final class Place: Sendable {
        let folder: String
        var path: String { "\(folder)/results.db" }

        init() throws {
            folder = NSTemporaryDirectory() + "martlet-results-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func store(
            stream: String = "s",
            table: String = "results",
            key: [StreamField] = ResultStoreBench.key,
            values: [StreamField] = ResultStoreBench.values
        ) -> SQLiteResultStore {
            SQLiteResultStore(path: path, stream: stream, table: .init(table, key: key, values: values))
        }

        func rows(_ sql: String) throws -> [Row] {
            try DatabaseQueue(path: path).read { try Row.fetchAll($0, sql: sql) }
        }
    }

    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: "null"
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .blob: "blob"
        }
    }

    @Test(arguments: StreamResultStoreConformance.allCases)
    func conforms(_ behaviour: StreamResultStoreConformance) async throws {
        let place = try Place()
        let bench = ResultStoreBench {
            place.store()
        } contents: {
            var contents = ResultStoreBench.Contents()
            for row in try place.rows("SELECT * FROM results") {
                let values = Array(row.databaseValues).map(Self.text)
                contents.panes[values[..<4].joined(separator: "|")] = values[4..<9].joined(separator: "|")
            }
            for row in try place.rows("SELECT _topic, _partition, _offset, reason, value FROM results_rejected") {
                let (topic, partition, offset): (String, Int, Int) = (row[0], row[1], row[2])
                let reason: String = row[3]
                let value: Data? = row[4]
                let place = "\(topic)-\(partition) \(offset) \(reason)"
                contents.rejected.updateValue(value.map { [UInt8]($0) }, forKey: place)
            }
            return contents
        }
        try await behaviour.check(bench)
    }

    @Test
    func fakeConforms() async throws {
        for behaviour in StreamResultStoreConformance.allCases {
            let shared = InMemoryResultStore.Contents()
            let bench = ResultStoreBench {
                InMemoryResultStore(shared)
            } contents: {
                var contents = ResultStoreBench.Contents()
                for pane in shared.panes {
                    contents.panes[ResultStoreBench.identity(pane.key, pane.window)] =
                        pane.values.map(ResultStoreBench.text).joined(separator: "|")
                }
                for event in shared.rejected {
                    let place = "\(event.partition) \(event.offset) \(event.reason)"
                    contents.rejected.updateValue(event.value, forKey: place)
                }
                return contents
            }
            try await behaviour.check(bench)
        }
    }

    @Test
    func writesSortableTimes() async throws {
        let place = try Place()
        let text = StreamTimeText(isWholeSeconds: true)
        let table = SQLiteResultStore.Table("t", key: [], values: [StreamField("n", .integer)], windowText: text)
        let store = SQLiteResultStore(path: place.path, stream: "s", table: table)
        _ = try await store.open()
        let pane = Pane(
            key: [],
            window: StreamWindow(start: 1_700_000_040_000_000, end: 1_700_000_100_000_000),
            values: [.integer(3)],
            timing: .onTime,
            index: 2,
            isLast: true
        )
        let cut = StreamCut(number: 1, offsets: [:], state: [])
        try await store.commit(StreamResults(panes: [pane]), cut)
        let row = try #require(try place.rows("SELECT * FROM t").first)
        let expected: Row = [
            "window_start": "2023-11-14T22:14:00Z", "window_end": "2023-11-14T22:15:00Z", "n": 3, "pane": 2,
        ]
        #expect(row == expected)
        await store.close()
    }

    @Test
    func keepsRecordsWithoutWindows() async throws {
        let place = try Place()
        let fields = [StreamField("name", .text), StreamField("value", .double)]
        let store = SQLiteResultStore(path: place.path, stream: "s", table: .init("t", records: fields))
        _ = try await store.open()
        let rows = (0..<3).map { index in
            StreamRow(
                partition: TopicPartition("in", 1),
                offset: Int64(index % 2),
                time: 1_500_000,
                values: [index == 1 ? .null : .text("n\(index)"), .double(.nan)]
            )
        }
        try await store.commit(StreamResults(rows: rows), StreamCut(number: 1, offsets: [:], state: []))
        let stored = try place.rows("SELECT * FROM t ORDER BY _offset").map { Array($0.databaseValues).map(Self.text) }
        #expect(
            stored == [
                ["n2", "null", "1", "0", "1970-01-01T00:00:01.500000Z"],
                ["null", "null", "1", "1", "1970-01-01T00:00:01.500000Z"],
            ]
        )
        await store.close()
    }

    @Test(
        arguments: [
            ("s", "results", [StreamField("name", .text)], ResultStoreBench.values),
            ("s", "results", ResultStoreBench.key, [StreamField("count", .double)]),
            ("s", "another", ResultStoreBench.key, ResultStoreBench.values),
            ("t", "results", ResultStoreBench.key, ResultStoreBench.values),
            ("t", "RESULTS", ResultStoreBench.key, ResultStoreBench.values),
            ("t", "taken", ResultStoreBench.key, ResultStoreBench.values),
            ("t", "twice", ResultStoreBench.key, [StreamField("Name", .integer)]),
            ("t", "window", [StreamField("window_start", .text)], ResultStoreBench.values),
            ("t", "sqlite_x", ResultStoreBench.key, ResultStoreBench.values),
            ("t", "martlet_streams", ResultStoreBench.key, ResultStoreBench.values),
        ]
    )
    func refusesOtherResults(stream: String, table: String, key: [StreamField], values: [StreamField]) async throws {
        let place = try Place()
        let store = place.store()
        _ = try await store.open()
        try await store.commit(
            StreamResults(panes: [ResultStoreBench.expectedPane]),
            StreamCut(number: 1, offsets: [:], state: [])
        )
        await store.close()
        try await DatabaseQueue(path: place.path).write { try $0.execute(sql: "CREATE TABLE taken (a INTEGER)") }
        await #expect {
            _ = try await place.store(stream: stream, table: table, key: key, values: values).open()
        } throws: { error in
            (error as? MartletError)?.code == .streamResultsMismatched
        }
        // Nothing of it was touched.
        #expect(try place.rows("SELECT * FROM results").count == 1)
        #expect(try await place.store().open()?.number == 1)
    }

    @Test
    func tellsWhatIsWrongWithTheFile() async throws {
        let place = try Place()
        try Data(repeating: 65, count: 5_000).write(to: URL(fileURLWithPath: place.path))
        let folder = SQLiteResultStore(path: place.folder, stream: "s", table: .init("t", key: [], values: []))
        for store in [place.store(), folder] {
            await #expect {
                _ = try await store.open()
            } throws: { error in
                (error as? MartletError)?.code == .streamResultsUnwritable
            }
        }
    }

    @Test
    func refusesACutOutOfTurn() async throws {
        let place = try Place()
        let store = place.store()
        _ = try await store.open()
        await #expect(throws: MartletError.self) {
            try await store.commit(StreamResults(), StreamCut(number: 2, offsets: [:], state: []))
        }
        #expect(try await place.store().open() == nil)
    }
}

extension ResultStoreBench {
    /// A pane of these columns.
    static var expectedPane: Pane {
        Pane(
            key: [.text("a"), .integer(1)],
            window: StreamWindow(start: 0, end: 1),
            values: [.integer(1), .null, .null, .null, .null],
            timing: .onTime,
            index: 0,
            isLast: true
        )
    }
}
