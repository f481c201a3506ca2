import MartletCore
import MartletDuckDB
import Testing

/// Scripts that work.
struct ScriptTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test(arguments: [
        ("SELECT 1 AS a", "a\n1\n"),
        ("SELECT 1 AS a; -- that is all", "a\n1\n"),
        ("SELECT 1 AS a -- no newline", "a\n1\n"),
        ("/* head; */ (SELECT 1 AS a) /* tail; */ ;;", "a\n1\n"),
        ("FROM (VALUES (1), (2)) t (a)", "a\n1\n2\n"),
        ("VALUES (1)", "col0\n1\n"),
        ("CREATE TABLE t AS SELECT 1 AS a; TABLE t", "a\n1\n"),
        ("WITH t AS (SELECT 1 AS a) SELECT a FROM t", "a\n1\n"),
        ("SELECT ';' AS a", "a\n;\n"),
        ("SELECT $$it's; \"fine\"$$ AS a", "a\n\"it's; \"\"fine\"\"\"\n"),
        ("SELECT $x$a;$$b$x$ AS \"ä;\"\"ö\"", "\"ä;\"\"ö\"\na;$$b\n"),
        ("SELECT e'a\\';b' AS a", "a\na';b\n"),
        ("CREATE MACRO twice(x) AS x * 2; SELECT twice(21) AS a", "a\n42\n"),
        ("SET VARIABLE n = 3; SELECT getvariable('n') AS a", "a\n3\n"),
        ("CREATE TABLE out AS SELECT 1 AS a", "a\n1\n"),
        ("CREATE VIEW OUT AS SELECT 2 AS a", "a\n2\n"),
        ("CREATE TEMP TABLE out AS SELECT 3 AS a; INSERT INTO out VALUES (4)", "a\n3\n4\n"),
        ("SELECT current_setting('TimeZone') AS a", "a\nUTC\n"),
    ])
    func scriptGivesRows(script: String, expected: String) async throws {
        #expect(try await folder.csv(script) == expected)
    }

    @Test(arguments: ["PIVOT t ON k USING sum(v)", "SELECT * FROM (PIVOT t ON k USING sum(v))"])
    func pivotOverUnknownValuesCountsItsRows(query: String) async throws {
        let output = TableOutput(name: "out", path: folder.file("out.csv"), format: .csv)
        let script = "CREATE TABLE t AS FROM (VALUES (1, 'a', 10), (1, 'b', 20), (2, 'a', 30)) t (id, k, v); \(query)"
        let result = try await duckDB.transform(SQLTransform(script: script, outputs: [output])) { _ in }
        #expect(try folder.text("out.csv").split(separator: "\n").sorted() == ["1,10,20", "2,30,", "id,a,b"])
        #expect(result.rowsOut == ["out": 2])
    }

    @Test func inputsMayHaveAnyName() async throws {
        let path = try folder.write("a\n1\n", to: "t.csv")
        let names = [#"it's "odd"; --"#, "größe", "select", "with space"]
        let inputs = names.map { TableInput(name: $0, path: path) }
        let script = #"SELECT * FROM "it's ""odd""; --", "größe" AS g, "select" AS s, "with space" AS w"#
        #expect(try await folder.csv(script, inputs: inputs) == "a,a_1,a_2,a_3\n1,1,1,1\n")
    }

    @Test func outputsMayHaveTheNamesOfInputs() async throws {
        let path = try folder.write("a\n1\n2\n", to: "t.csv")
        let outputs = ["flights", "late flights"].map {
            TableOutput(name: $0, path: folder.file("\($0).csv"), format: .csv)
        }
        let script = """
            CREATE TABLE flights AS SELECT a * 10 AS a FROM flights;
            CREATE VIEW "late flights" AS SELECT a FROM flights WHERE a > 10;
            SELECT count(*) FROM flights;
            """
        let transform = SQLTransform(
            script: script,
            inputs: [TableInput(name: "flights", path: path)],
            outputs: outputs
        )
        let result = try await duckDB.transform(transform) { _ in }
        #expect(result.rowsIn == ["flights": 2])
        #expect(result.rowsOut == ["flights": 2, "late flights": 1])
        #expect(try folder.text("flights.csv") == "a\n10\n20\n")
        #expect(try folder.text("late flights.csv") == "a\n20\n")
    }

    @Test func joinsEachFlightWithTheWeatherBeforeIt() async throws {
        let flights = try folder.write(
            """
            {"id": 1, "origin": "JFK", "departs": "2013-01-01 06:15:00"}
            {"id": 2, "origin": "JFK", "departs": "2013-01-01 04:00:00"}
            {"id": 3, "origin": "LGA", "departs": "2013-01-01 07:00:00"}

            """,
            to: "flights.jsonl"
        )
        let weather = try folder.write(
            """
            origin,hour,wind
            JFK,2013-01-01 05:00:00,10.5
            JFK,2013-01-01 06:00:00,12.5
            JFK,2013-01-01 07:00:00,99
            LGA,2013-01-01 07:00:00,8

            """,
            to: "weather.csv"
        )
        let script = """
            -- The weather known at departure, never later.
            SELECT f.id, w.wind
            FROM flights AS f
            ASOF LEFT JOIN weather AS w ON f.origin = w.origin AND f.departs >= w.hour
            ORDER BY f.id;
            """
        let inputs = [TableInput(name: "flights", path: flights), TableInput(name: "weather", path: weather)]
        #expect(try await folder.csv(script, inputs: inputs) == "id,wind\n1,12.5\n2,\n3,8.0\n")
    }

    @Test func aStepMayHaveNoOutputOfItsOwn() async throws {
        let script = "COPY (SELECT 1 AS a) TO '\(folder.file("side.csv"))'"
        let result = try await duckDB.transform(SQLTransform(script: script)) { _ in }
        #expect(result.rowsOut.isEmpty)
        #expect(try folder.text("side.csv") == "a\n1\n")
    }

    @Test func settingsReachTheEngine() async throws {
        let output = TableOutput(name: "out", path: folder.file("deep/er/out.csv"), format: .csv)
        let transform = SQLTransform(
            script: """
                SELECT current_setting('memory_limit') AS m, current_setting('threads') AS t,
                    current_setting('temp_directory') AS d, current_setting('autoinstall_known_extensions') AS i,
                    current_setting('autoload_known_extensions') AS l
                """,
            outputs: [output],
            settings: .init(memoryLimitBytes: 256 << 20, threads: 2, temporaryDirectory: folder.file("spill"))
        )
        _ = try await duckDB.transform(transform) { _ in }
        let spill = folder.file("spill")
        #expect(try folder.text("deep/er/out.csv") == "m,t,d,i,l\n256.0 MiB,2,\(spill),false,false\n")
    }
}
