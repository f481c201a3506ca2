import Foundation
import MartletCore
import Testing

@testable import MartletSpark

/// Against a real server, which `MARTLET_TEST_SPARK` names, as in `sc://127.0.0.1:15002`.
@Suite("The client against real Spark", .enabled(if: LiveSpark.address != nil), .serialized, .timeLimit(.minutes(30)))
struct LiveSparkTests {
    @Test("Queries and commands give rows alike")
    func sql() async throws {
        try await LiveSpark.run { client in
            #expect(client.serverVersion.split(separator: ".").count >= 3)
            var schema: SparkDataType?
            var rows = 0
            for try await event in try client.execute(sql: "SELECT id, 'x' AS t FROM range(25000)") {
                if case .schema(let type) = event { schema = type }
                if case .batch(let data) = event {
                    #expect(data.startOffset == rows)
                    rows += data.rowCount
                    // An Arrow stream begins with the mark of a message.
                    #expect(Array(data.bytes.array.prefix(4)) == [0xFF, 0xFF, 0xFF, 0xFF])
                }
            }
            #expect(rows == 25_000)
            #expect(schema?.ddl == "id BIGINT NOT NULL, t STRING NOT NULL")
            #expect(try await client.execute(sql: "SHOW DATABASES").finish() == 1)
            #expect(try await client.execute(sql: "SELECT 1 WHERE false").finish() == 0)
            #expect(try await client.execute(sql: "SET spark.sql.shuffle.partitions=3").finish() == 1)
            #expect(try await client.config("spark.sql.shuffle.partitions") == "3")
        }
    }

    @Test("Every kind of parameter arrives with its type and value")
    func parameters() async throws {
        let values: [(SparkValue, String, String)] = [
            (.boolean(true), "boolean", "true"), (.byte(-7), "tinyint", "-7"), (.short(-300), "smallint", "-300"),
            (.integer(70_000), "int", "70000"), (.long(1 << 40), "bigint", "1099511627776"),
            (.float(1.5), "float", "1.5"), (.double(-0.25), "double", "-0.25"),
            (.decimal("-12.50", precision: 10, scale: 2), "decimal(4,2)", "-12.50"),
            (.string("a'b\u{1F600}"), "string", "a'b\u{1F600}"),
            (.binary([0x41, 0x42]), "binary", "AB"), (.date(days: 19_000), "date", "2022-01-08"),
            (.timestampNTZ(microseconds: 1_000_001), "timestamp_ntz", "1970-01-01 00:00:01.000001"),
            (.yearMonthInterval(months: 14), "interval year to month", "INTERVAL '1-2' YEAR TO MONTH"),
            (
                .dayTimeInterval(microseconds: 90_061_000_000), "interval day to second",
                "INTERVAL '1 01:01:01' DAY TO SECOND"
            ),
            (.null(.long), "bigint", "NULL"), (["a", "b"].sparkValue, "array<string>", "[a, b]"),
            ([Int?.some(1), nil].sparkValue, "array<bigint>", "[1, null]"),
            (["k": 1.5].sparkValue, "map<string,double>", "{k -> 1.5}"),
            (UInt64.max.sparkValue, "decimal(20,0)", "18446744073709551615"),
            (
                .structure([SparkField("a", .integer), SparkField("b", .string)], [.integer(1), .string("x")]),
                "struct<a:int,b:string>", "{1, x}"
            ),
        ]
        try await LiveSpark.run { client in
            for (value, type, text) in values {
                let named = try await LiveSpark.failure(
                    client,
                    "SELECT raise_error(concat(typeof(:v), '|', coalesce(CAST(:v AS STRING), 'NULL')))",
                    .named(["v": value])
                )
                #expect(named.message.contains("\(type)|\(text)"), "\(value): \(named.message.prefix(200))")
            }
            let positional = try await LiveSpark.failure(
                client,
                "SELECT raise_error(concat(?, '-', ?))",
                .positional(values: ["left", 7])
            )
            #expect(positional.message.contains("left-7"))
        }
    }

    @Test("Types are read as Spark writes them")
    func types() async throws {
        let columns = [
            "a BOOLEAN", "b TINYINT", "c SMALLINT", "d INT", "e BIGINT", "f FLOAT", "g DOUBLE", "h DECIMAL(20,3)",
            "i STRING",
            "j BINARY", "k DATE", "l TIMESTAMP", "m TIMESTAMP_NTZ", "n INTERVAL", "o INTERVAL YEAR TO MONTH",
            "p INTERVAL DAY TO SECOND", "q INTERVAL HOUR", "r ARRAY<INT>", "s MAP<STRING, ARRAY<DATE>>",
            "t STRUCT<x: INT NOT NULL, `y z`: STRING>", "u VARIANT", "v VARCHAR(5)", "w CHAR(3)", "`odd ``name` VOID",
        ]
        try await LiveSpark.run { client in
            let ddl = columns.joined(separator: ", ")
            let parsed = try await client.parse(ddl: ddl)
            #expect(parsed.ddl == ddl)
            // What this client writes, Spark reads as the same.
            #expect(try await client.parse(ddl: parsed.ddl) == parsed)
        }
    }

    @Test("Errors carry class, SQLSTATE, fragment and cause")
    func errors() async throws {
        try await LiveSpark.run { client in
            let missing = try await LiveSpark.failure(client, "SELECT *\nFROM nowhere_at_all", .none)
            #expect(missing.kind == .user)
            #expect(missing.errorClass == "TABLE_OR_VIEW_NOT_FOUND")
            #expect(missing.sqlState == "42P01")
            #expect(missing.error.code == .sparkQueryRefused)
            #expect(missing.parameters["relationName"] == "`nowhere_at_all`")
            #expect(missing.contexts.first?.fragment == "nowhere_at_all")
            #expect(missing.contexts.first?.start == 14)

            let syntax = try await LiveSpark.failure(client, "SELEC 1", .none)
            #expect(syntax.errorClass == "PARSE_SYNTAX_ERROR")
            #expect(syntax.kind == .user)

            let division = try await LiveSpark.failure(client, "SELECT 1 / (id - 1) AS q FROM range(3)", .none)
            #expect(division.errorClass == "DIVIDE_BY_ZERO")
            #expect(division.contexts.first?.fragment == "1 / (id - 1)")
            #expect(!division.stack.isEmpty)

            let unbound = try await LiveSpark.failure(client, "SELECT :x", .none)
            #expect(unbound.errorClass == "UNBOUND_SQL_PARAMETER")
        }
    }

    /// The server is started with `spark.connect.execute.reattachable.senderMaxStreamDuration=2s`.
    @Test("A query that outlives the server's streams arrives whole, and its progress is told")
    func reattach() async throws {
        try await LiveSpark.run { client in
            var rows = 0
            var (progress, continued) = (0, 0)
            for try await event in try client.execute(.sql(LiveSpark.long)) {
                switch event {
                case .batch(let data): rows += data.rowCount
                case .progress(let report) where report.tasks > 0: progress += 1
                case .reattached: continued += 1
                default: break
                }
            }
            #expect(rows == 1)
            #expect(progress > 0)
            #expect(continued > 0)
        }
    }

    @Test("A large result that is read slowly arrives whole, over several streams")
    func slowReader() async throws {
        try await LiveSpark.run { client in
            var rows = 0
            var continued = 0
            for try await event in try client.execute(.sql("SELECT id, uuid() AS u FROM range(0, 3000000, 1, 4)")) {
                if case .reattached = event { continued += 1 }
                guard case .batch(let data) = event else { continue }
                #expect(data.startOffset == rows)
                rows += data.rowCount
                if rows % 500_000 == 0 { try await client.options.sleep(.milliseconds(500)) }
            }
            #expect(rows == 3_000_000)
            #expect(continued > 0)
        }
    }

    @Test("Cancelling leaves nothing running on the server")
    func cancel() async throws {
        try await LiveSpark.run { client in
            let id = try await LiveSpark.cancelled(client, LiveSpark.endless)
            if !SparkClient.isVersion(client.serverVersion, before: "4.2") {
                // The thread that ran it may take a moment to notice.
                for _ in 0..<100 where try await client.status(of: [id])[id] == .running {
                    try await client.options.sleep(.milliseconds(50))
                }
                #expect(try await client.status(of: [id])[id] != .running)
            }
            #expect(try await client.interrupt(.all).isEmpty)
            // With one core, a query that still ran would hold this one up.
            #expect(try await client.execute(sql: "SELECT count(*) FROM range(10)").finish() == 1)
        }
    }

    @Test("Cancelling while the server plans leaves nothing running either", arguments: [0, 20, 100, 300, 600])
    func cancelEarly(milliseconds: Int) async throws {
        try await LiveSpark.run { client in
            let task = Task {
                // Another text each time, so that nothing of the plan is known yet.
                for try await _ in try client.execute(.sql("\(LiveSpark.endless) AND id > \(milliseconds)")) {}
            }
            try await client.options.sleep(.milliseconds(milliseconds))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await client.interrupt(.all).isEmpty)
            #expect(try await client.execute(sql: "SELECT count(*) FROM range(0, 10, 1, 8)").finish() == 1)
        }
    }

    @Test("Interrupts by tag")
    func interruptTag() async throws {
        try await LiveSpark.run { client in
            let execution = try client.execute(.sql(LiveSpark.endless), tags: ["step-9"])
            do {
                for try await event in execution {
                    guard case .progress(let report) = event, report.runningTasks > 0 else { continue }
                    #expect(try await client.interrupt(.tag("other")).isEmpty)
                    #expect(try await client.interrupt(.tag("step-9")).count == 1)
                }
                Issue.record("it ended well")
            } catch let error as SparkError {
                #expect(error.kind == .cancelled)
            }
        }
    }

    @Test("A released session is named as lost")
    func released() async throws {
        try await LiveSpark.run { client in
            await client.calls.releaseSession()
            let error = await #expect(throws: SparkError.self) { try await client.execute(sql: "SELECT 1").finish() }
            #expect(error?.error.code == .sparkSessionLost)
        }
    }

    @Test("Configuration")
    func config() async throws {
        try await LiveSpark.run { client in
            let key = "spark.sql.session.timeZone"
            try await client.setConfig([key: "Asia/Tokyo"])
            #expect(try await client.config(key) == "Asia/Tokyo")
            #expect(try await client.allConfig(prefix: "spark.sql.session.")["timeZone"] == "Asia/Tokyo")
            try await client.unsetConfig([key])
            #expect(try await client.config(key) != "Asia/Tokyo")
            #expect(try await client.config("no.such.key") == nil)
            #expect(try await client.isModifiable(key))
            #expect(try await !client.isModifiable("spark.sql.warehouse.dir"))
            let error = await #expect(throws: SparkError.self) {
                try await client.setConfig(["spark.sql.warehouse.dir": "/x"])
            }
            #expect(error?.errorClass?.hasPrefix("CANNOT_MODIFY") == true)
        }
    }
}
