import CArrow
import Foundation
import MartletCore
import MartletDuckDB
import Synchronization
import Testing

@testable import MartletSpark

@Suite("Arrow batches go through DuckDB into files")
struct ArrowToDuckDBTests {
    private let engine = DuckDBTables(environment: ProcessInfo.processInfo.environment)

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("arrow-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func files(_ folder: String) -> [String]? { try? FileManager.default.contentsOfDirectory(atPath: folder) }

    private func exporting(_ schema: ArrowSchema) -> ArrowSchemaExport { { schema.export(to: $0) } }

    private func write(_ stream: ArrowStream, _ output: TableOutput) async throws(MartletError) -> Int {
        var batches = stream.batches[...]
        return try await engine.writeArrow(to: output, schema: exporting(stream.schema)) {
            () async throws(MartletError) in try batches.popFirst()?.handover(as: stream.schema)
        }
    }

    /// The stream without some columns.
    private func without(_ hidden: Set<String>, _ stream: ArrowStream) -> ArrowStream {
        let left = stream.schema.fields.indices.filter { !hidden.contains(stream.schema.fields[$0].name) }
        let schema = ArrowSchema(left.map { stream.schema.fields[$0] })
        let batches = stream.batches.map { batch in
            ArrowBatch(schema: schema, rowCount: batch.rowCount, columns: left.map { batch.columns[$0] })
        }
        return ArrowStream(schema: schema, batches: batches)
    }

    private func read(_ path: String, _ format: DatasetFormat) async throws -> SQLTable {
        let session = try await engine.open(
            .files(TableInput(name: "t", path: path, format: format)),
            settings: SQLTransform.Settings()
        )
        return try await session.query("SELECT * FROM \(session.relation)")
    }

    @Test(
        "Values come out of Parquet as they were sent",
        arguments: [
            "flat", "nested", "sliced", "many", "many-zstd", "spark-types", "spark-nested", "spark-empty",
            "spark-range-lz4",
        ]
    )
    func parquet(name: String) async throws {
        let whole = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes(name)))
        // DuckDB writes neither empty structs nor negative intervals to Parquet.
        let stream = without(["empty", "dur", "mdn", "ym", "dt"], whole)
        try await withFolder { folder in
            let path = "\(folder)/rows.parquet"
            let count = try await write(stream, TableOutput(name: "rows", path: path))
            let expected = stream.batches.flatMap { batch in (0..<batch.rowCount).map { batch.row($0) } }
            #expect(count == expected.count)
            let table = try await read(path, .parquet)
            try #require(table.columns.map(\.name) == stream.schema.fields.map(\.name))
            try #require(table.rows.count == expected.count)
            for (row, (values, wanted)) in zip(table.rows, expected).enumerated() {
                for (column, (value, wanted)) in zip(table.columns, zip(values, wanted)) {
                    #expect(Comparison.same(value, wanted), "\(column.name) \(row): \(value) \(wanted.sqlValue)")
                }
            }
        }
    }

    @Test("Lines of CSV and JSON have all rows in their order", arguments: [DatasetFormat.csv, .jsonl])
    func lines(format: DatasetFormat) async throws {
        let stream = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("many")))
        try await withFolder { folder in
            let path = "\(folder)/rows"
            #expect(try await write(stream, TableOutput(name: "rows", path: path, format: format)) == 268)
            let table = try await read(path, format)
            #expect(table.rows.map { $0[0] } == (Array(0..<203) + Array(101..<165) + [7]).map { SQLValue.integer($0) })
            #expect(table.rows[1][4] == .text("text 1 ä"))
        }
    }

    /// Bytes of a batch that are counted while they live.
    private final class CountedBytes: Sendable {
        static let living = Mutex((now: 0, most: 0))
        let memory: ArrowMemory

        init(_ bytes: [UInt8]) {
            memory = ArrowMemory(byteCount: bytes.count)
            memory.bytes.copyBytes(from: bytes)
            Self.living.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        }

        deinit { Self.living.withLock { $0.now -= 1 } }
    }

    @Test("However many batches there are, few of them are in memory")
    func flat() async throws {
        let bytes = try ArrowFixture.bytes("many-zstd")
        let schema = try ArrowStreamReader.read(ArrowBytes(bytes)).schema
        try await withFolder { folder in
            var sent = 0
            let count = try await engine.writeArrow(
                to: TableOutput(name: "rows", path: "\(folder)/rows.parquet"),
                schema: exporting(schema),
                settings: SQLTransform.Settings(threads: 2)
            ) { () async throws(MartletError) in
                sent += 1
                if sent > 400 { return nil }
                let owner = CountedBytes(bytes)
                let received = ArrowBytes(unsafe: UnsafeRawBufferPointer(owner.memory.bytes), owner: owner)
                return try ArrowStreamReader.read(received).batches[0].handover(as: schema)
            }
            #expect(count == 400 * 203)
        }
        let living = CountedBytes.living.withLock { $0 }
        #expect(living.now == 0)
        // Two that wait, one on the way, and what two threads hold.
        #expect(living.most <= 8)
    }

    @Test("A failure of the batches is the failure, and leaves no file", arguments: [0, 1, 5])
    func failing(after count: Int) async throws {
        let batch = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("many"))).batches[0]
        let schema = batch.schema
        try await withFolder { folder in
            let path = "\(folder)/rows.parquet"
            try Data("before".utf8).write(to: URL(fileURLWithPath: path))
            var sent = 0
            let error = await #expect(throws: MartletError.self) {
                try await engine.writeArrow(
                    to: TableOutput(name: "rows", path: path),
                    schema: exporting(schema)
                ) { () async throws(MartletError) in
                    sent += 1
                    if sent > count { throw MartletError(.arrowMalformed, "cut") }
                    return try batch.handover(as: schema)
                }
            }
            #expect(error?.message == "cut")
            #expect(files(folder) == ["rows.parquet"])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
        }
    }

    @Test("A column that DuckDB does not take ends the batches")
    func refused() async throws {
        let stream = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("nested")))
        let batch = stream.batches[0]
        try await withFolder { folder in
            let error = await #expect(throws: MartletError.self) {
                // Without an end of its own.
                try await engine.writeArrow(
                    to: TableOutput(name: "rows", path: "\(folder)/rows.parquet"),
                    schema: exporting(stream.schema)
                ) { () async throws(MartletError) in try batch.handover(as: stream.schema) }
            }
            #expect(error?.code == .arrowHandoverFailed)
            #expect(files(folder) == [])
        }
    }

    /// DuckDB would take the second batch's memory for what the first one's schema says.
    @Test("A batch of other columns than the first never reaches DuckDB")
    func otherColumns() async throws {
        let whole = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("many")))
        let narrow = without([whole.schema.fields[0].name], whole)
        let mixed = ArrowStream(schema: whole.schema, batches: [whole.batches[0], narrow.batches[0]])
        try await withFolder { folder in
            let error = await #expect(throws: MartletError.self) {
                try await write(mixed, TableOutput(name: "rows", path: "\(folder)/rows.parquet"))
            }
            #expect(error?.code == .arrowMalformed)
            #expect(files(folder) == [])
        }
    }

    @Test("A task that is cancelled stops, though the batches never end")
    func cancelled() async throws {
        let batch = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("many"))).batches[0]
        let schema = batch.schema
        try await withFolder { folder in
            let (started, signal) = AsyncStream.makeStream(of: Void.self)
            let task = Task { [engine] in
                var sent = 0
                return try await engine.writeArrow(
                    to: TableOutput(name: "rows", path: "\(folder)/rows.parquet"),
                    schema: exporting(schema)
                ) { () async throws(MartletError) in
                    sent += 1
                    if sent == 10 { signal.finish() }
                    return try batch.handover(as: schema)
                }
            }
            for await _ in started {}
            task.cancel()
            let error = await #expect(throws: MartletError.self) { try await task.value }
            #expect(error?.code == .sqlCancelled)
            #expect(files(folder) == [])
        }
    }
}

/// Whether DuckDB says the same of a value as Arrow.
private enum Comparison {
    static func same(_ value: SQLValue, _ wanted: ArrowValue) -> Bool {
        switch (value, wanted) {
        case (.null, .null): true
        case (_, .unsigned(let number)): value == .wideInteger(String(number))
        // DuckDB's TIME goes to 24:00, and its intervals are of months, days and microseconds.
        case (.other, .duration), (.other, .interval): true
        case (.structure(let members), .structure(let parts)):
            members.count == parts.count
                && zip(members, parts).allSatisfy { $0.name == $1.name && same($0.value, $1.value) }
        case (.list(let values), .list(let parts)):
            values.count == parts.count && zip(values, parts).allSatisfy { same($0, $1) }
        default: value == wanted.sqlValue
        }
    }
}
