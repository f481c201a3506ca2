import Foundation
import MartletCore
import Testing

@testable import MartletSpark

/// Reads, writes, views and local data against a real server, which `MARTLET_TEST_SPARK` names.
@Suite("Data through real Spark", .enabled(if: LiveSpark.address != nil), .serialized, .timeLimit(.minutes(30)))
struct LiveSparkDataTests {
    /// Three rows with two columns.
    static let rows = SparkRelation.sql("SELECT id, concat('n', id) AS name FROM range(3)")

    /// Checks a SQL condition over a relation, which is the table `t` in it.
    static func expect(_ client: SparkClient, _ relation: SparkRelation, _ condition: String) async throws {
        try await client.createView("t", of: relation)
        try await client.execute(.sql("SELECT assert_true(\(condition)) FROM t")).finish()
    }

    /// Runs `body` with a folder that is removed afterwards.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-spark-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test("Files are written and read back", arguments: ["csv", "json", "parquet", "orc"])
    func files(format: String) async throws {
        try await LiveSpark.run { client in
            try await Self.withFolder { folder in
                let path = "\(folder)/data"
                let options = format == "csv" ? ["header": "true"] : [:]
                let write = SparkWrite(to: .path(path), format: format, options: options)
                try await client.write(Self.rows, write)
                let source = SparkSource(format, paths: [path], schema: "id BIGINT, name STRING", options: options)
                let read = SparkRelation.read(source)
                try await Self.expect(client, read, "count(*) = 3 AND sum(id) = 3 AND max(name) = 'n2'")
                #expect(try await client.inputFiles(of: read).allSatisfy { $0.contains(path) })

                let again = await #expect(throws: SparkError.self) { try await client.write(Self.rows, write) }
                #expect(again?.errorClass == "PATH_ALREADY_EXISTS")
                #expect(again?.kind == .user)
                for (mode, count) in [(SparkWrite.Mode.ignore, 3), (.append, 6), (.overwrite, 3)] {
                    var other = write
                    other.mode = mode
                    try await client.write(Self.rows, other)
                    // Spark keeps the plan of a relation, and with it the list of files: an option makes it another.
                    var anew = source
                    anew.options["mode"] = mode.rawValue
                    try await Self.expect(client, .read(anew), "count(*) = \(count)")
                }
                var parted = write
                parted.target = .path("\(folder)/parted")
                parted.partitionColumns = ["name"]
                try await client.write(Self.rows, parted)
                #expect(FileManager.default.fileExists(atPath: "\(folder)/parted/name=n1"))
            }
        }
    }

    @Test("Text, and a format that the server does not have")
    func text() async throws {
        try await LiveSpark.run { client in
            try await Self.withFolder { folder in
                try await client.write(
                    Self.rows.select(["name AS value"]),
                    SparkWrite(to: .path(folder), format: "text")
                )
                try await Self.expect(client, .read(.text([folder])), "count(*) = 3 AND min(value) = 'n0'")
                let error = await #expect(throws: SparkError.self) {
                    try await client.schema(of: .read(SparkSource("no_such_format", paths: [folder])))
                }
                #expect(error?.errorClass == "DATA_SOURCE_NOT_FOUND")
                let missing = await #expect(throws: SparkError.self) {
                    try await client.schema(of: .read(.parquet(["\(folder)/nowhere"])))
                }
                #expect(missing?.errorClass == "PATH_NOT_FOUND")
                #expect(missing?.error.code == .sparkQueryRefused)
            }
        }
    }

    @Test("Tables are made, filled and replaced")
    func tables() async throws {
        try await LiveSpark.run { client in
            let name = "martlet_\(UUID().uuidString.prefix(8).lowercased())"
            try await client.write(Self.rows, SparkWrite(to: .table(name), format: "parquet"))
            try await client.write(Self.rows, SparkWrite(to: .insertInto(name), mode: .append))
            try await Self.expect(client, .table(name), "count(*) = 6")
            // The built-in catalog has tables that the second writer does not fill.
            let refused = await #expect(throws: SparkError.self) {
                try await client.write(Self.rows, SparkTableWrite(name, mode: .append))
            }
            #expect(refused?.error.code == .sparkQueryRefused)
            let exists = await #expect(throws: SparkError.self) {
                try await client.write(Self.rows, SparkTableWrite(name, mode: .create, provider: "parquet"))
            }
            #expect(exists?.errorClass == "TABLE_OR_VIEW_ALREADY_EXISTS")
            try await client.execute(sql: "DROP TABLE \(name)").finish()
            let second = SparkTableWrite(name, mode: .create, provider: "json", properties: ["made": "here"])
            try await client.write(Self.rows, second)
            try await Self.expect(client, .table(name), "count(*) = 3")
            try await client.execute(sql: "DROP TABLE \(name)").finish()
        }
    }

    @Test("Views of a session and of all sessions")
    func views() async throws {
        try await LiveSpark.run { client in
            try await client.createView("mine", of: Self.rows, replaces: false)
            #expect(try await client.execute(sql: "SELECT * FROM mine").finish() == 3)
            let taken = await #expect(throws: SparkError.self) {
                try await client.createView("mine", of: .range(to: 1), replaces: false)
            }
            #expect(taken?.errorClass == "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS")
            try await client.createView("mine", of: .range(to: 1))
            #expect(try await client.execute(sql: "SELECT * FROM mine").finish() == 1)
            try await client.createView("martlet_all", of: Self.rows, isGlobal: true)
            try await LiveSpark.run { other in
                let rows = try await other.execute(sql: "SELECT * FROM global_temp.martlet_all").finish()
                #expect(rows == 3)
                let error = await #expect(throws: SparkError.self) {
                    try await other.execute(sql: "SELECT * FROM mine").finish()
                }
                #expect(error?.errorClass == "TABLE_OR_VIEW_NOT_FOUND")
            }
            try await client.execute(sql: "DROP VIEW global_temp.martlet_all").finish()
        }
    }

    @Test("Plans are explained, described and kept")
    func analyze() async throws {
        try await LiveSpark.run { client in
            let relation = Self.rows.filter("id > 0").alias("a").limit(2).repartition(1)
            #expect(try await client.schema(of: relation).ddl == "id BIGINT NOT NULL, name STRING NOT NULL")
            #expect(try await client.treeString(of: relation).hasPrefix("root\n |-- id: long"))
            for mode in SparkExplainMode.allCases {
                #expect(try await !client.explain(relation, mode: mode).isEmpty, "\(mode)")
            }
            #expect(try await !client.isStreaming(relation))
            try await client.persist(relation, level: .diskOnly)
            #expect(try await client.explain(relation).contains("InMemoryTableScan"))
            try await client.unpersist(relation, blocking: true)
            #expect(try await !client.explain(relation).contains("InMemoryTableScan"))
        }
    }

    @Test("Rows are counted on their way")
    func observations() async throws {
        try await LiveSpark.run { client in
            let relation = SparkRelation.range(to: 100).observe("seen", ["count(*) AS rows", "max(id) AS last"]).limit(
                100
            )
            var found: SparkObservation?
            var operators: [String] = []
            for try await event in try client.execute(relation) {
                if case .observation(let observation) = event { found = observation }
                if case .metrics(let metrics) = event { operators = metrics.map(\.name) }
            }
            #expect(found?.name == "seen")
            #expect(found?["rows"] == .long(100))
            #expect(found?["last"] == .long(99))
            #expect(operators.contains { $0.contains("Range") })
        }
    }

    @Test("Rows meet what was current at their time")
    func asOf() async throws {
        try await LiveSpark.run { client in
            let left = SparkRelation.sql("SELECT * FROM VALUES ('k', 5), ('k', 10), ('k', 30), ('x', 5) AS l(key, at)")
            let right = SparkRelation.sql("SELECT * FROM VALUES ('k', 4, 'a'), ('k', 10, 'b') AS r(key, since, price)")
            let joined = left.alias("l").joinAsOf(
                right.alias("r"),
                SparkAsOfJoin(leftAsOf: "l.at", rightAsOf: "r.since", columns: ["key"], tolerance: "9")
            )
            try await Self.expect(
                client,
                joined.select(["concat_ws(':', l.key, at, price) AS row"]),
                "sort_array(collect_list(row)) = array('k:10:b', 'k:30', 'k:5:a', 'x:5')"
            )
        }
    }

    @Test("Local rows go up, small with the plan and large once")
    func localData() async throws {
        try await LiveSpark.run { client in
            let small = try await client.relation(ofArrow: ArrowSamples.threeRows)
            try await Self.expect(client, small, "count(*) = 3 AND sum(id) = 3 AND count(id) = 2 AND max(name) = 'c'")
            let typed = try await client.relation(
                ofArrow: ArrowSamples.threeRows,
                schema: .structure([SparkField("id", .integer), SparkField("name", .string)])
            )
            #expect(try await client.schema(of: typed).ddl == "id INT, name STRING")

            // A batch of more than a megabyte, as Spark itself writes it.
            var large: [UInt8] = []
            let wide = SparkRelation.sql("SELECT id, repeat('x', 300) AS t FROM range(0, 9000, 1, 1)")
            for try await data in try client.execute(wide).batches where data.bytes.count > large.count {
                large = data.bytes.array
            }
            #expect(large.count > 2_000_000)
            let cached = try await client.relation(ofArrow: large)
            try await Self.expect(client, cached, "count(*) = 9000 AND sum(length(t)) = 2700000")
            // The second time nothing is sent.
            #expect(try await client.relation(ofArrow: large) == cached)

            let broken = try await client.relation(ofArrow: [1, 2, 3])
            await #expect(throws: SparkError.self) { try await client.execute(broken).finish() }
        }
    }

    @Test("Files go up whole, in one message or in many")
    func artifacts() async throws {
        try await LiveSpark.run { client in
            let large = [UInt8]("VALUE = 7\n".utf8) + [UInt8](repeating: UInt8(ascii: "#"), count: 200_000)
            try await client.addArtifacts([
                try .python("small_module.py", [UInt8]("VALUE = 1\n".utf8)), try .python("large_module.py", large),
                try .file("table.txt", [UInt8]("a\n".utf8)),
            ])
            // Servers refuse to put another content under a name.
            let error = await #expect(throws: SparkError.self) {
                try await client.addArtifacts([try .python("small_module.py", [UInt8]("VALUE = 2\n".utf8))])
            }
            #expect(error?.errorClass?.contains("ARTIFACT") == true)
        }
    }

    @Test("A streaming query is started, asked and stopped")
    func streaming() async throws {
        try await LiveSpark.run { client in
            try await Self.withFolder { folder in
                let source = SparkRelation.read(
                    SparkSource("rate", options: ["rowsPerSecond": "50"]),
                    isStreaming: true
                )
                #expect(try await client.isStreaming(source))
                let id = try await client.start(
                    source,
                    SparkStreamWrite(
                        format: "parquet",
                        path: "\(folder)/out",
                        options: ["checkpointLocation": "\(folder)/check"],
                        queryName: "rates"
                    )
                )
                #expect(id.name == "rates")
                #expect(id.id != id.runID)
                guard case .done = try await client.ask(id, .processAllAvailable) else {
                    Issue.record("processAllAvailable")
                    return
                }
                guard case .status(_, _, _, let isActive) = try await client.ask(id, .status) else {
                    Issue.record("status")
                    return
                }
                #expect(isActive)
                guard case .progress(let reports) = try await client.ask(id, .lastProgress) else {
                    Issue.record("progress")
                    return
                }
                #expect(reports.allSatisfy { $0.contains(id.id) })
                _ = try await client.ask(id, .stop)
                #expect(try await client.ask(id, .awaitTermination(milliseconds: 10_000)) == .terminated(true))
            }
        }
    }
}
