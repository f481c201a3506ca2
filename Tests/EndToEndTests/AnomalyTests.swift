import Foundation
import MartletCore
import MartletTestKit
import Testing

@Suite(.tags(.endToEnd))
struct DetectCommandTests {
    /// Two hundred days around 100, with one far off.
    private var file: String {
        "day,rows\n"
            + (0..<200).map { index in
                let day = Timestamp(microseconds: 1_735_689_600_000_000 + Int64(index) * 86_400_000_000)
                let value = index == 150 ? 400 : 100 + (index * 7919 % 11)
                return "\(day.description.prefix(10)),\(index == 60 ? "" : String(value))\n"
            }.joined()
    }

    @Test
    func printsOneObjectForEachRow() async throws {
        let project = try TestProject()
        try project.write("rows.csv", file)
        let result = try await project.martlet(
            "quality",
            "detect",
            "rows.csv",
            "--time",
            "day",
            "--value",
            "rows",
            "--json"
        )
        #expect(result.status == 0)
        let rows = try result.output.split(separator: "\n").map { line in
            try JSONText.decode([String: JSONValue].self, from: String(line))
        }
        #expect(rows.count == 200)
        #expect(rows.indices.filter { rows[$0]["anomaly"] == .bool(true) } == [150])
        #expect(rows[150]["episode"] == .integer(1))
        #expect(rows[150]["timestamp"] == .string("2025-05-31"))
        #expect(rows[60]["value"] == .null)
        #expect(result.talk.contains("1 row without a value"))
    }

    @Test
    func laterRowsChangeNothing() async throws {
        let project = try TestProject()
        try project.write("all.csv", file)
        try project.write("part.csv", file.split(separator: "\n").prefix(121).joined(separator: "\n"))
        let arguments = ["--time", "day", "--value", "rows", "--json"]
        let all = try await MartletProgram.run(["quality", "detect", "all.csv"] + arguments, in: project.path)
        let part = try await MartletProgram.run(["quality", "detect", "part.csv"] + arguments, in: project.path)
        #expect(part.output.utf8.count > 1000)
        #expect(all.output.hasPrefix(part.output))
    }

    @Test
    func showsEpisodesAndCanFailForThem() async throws {
        let project = try TestProject()
        try project.write("rows.csv", file)
        let result = try await project.martlet(
            "quality",
            "detect",
            "rows.csv",
            "--time",
            "day",
            "--value",
            "rows",
            "--exit-code"
        )
        #expect(result.status == 1)
        #expect(result.output.contains("1 episode in 200 rows"))
        #expect(result.output.contains("2025-05-31"))
    }

    @Test(arguments: [
        (["missing.csv", "--value", "rows"], "MT5041", "missing.csv cannot be read"),
        (["rows.csv", "--value", "row"], "MT5040", "did you mean rows?"),
        (["rows.csv", "--value", "rows", "--direction", "upp"], "MT5043", "did you mean up?"),
        (["rows.csv", "--value", "rows", "--season", "daily"], "MT5043", "did you mean day?"),
        (["rows.csv", "--value", "rows", "--alpha", "2"], "MT5043", "is not a rate"),
        (["rows.csv", "--value", "rows", "--minimum-change", "ten"], "MT5043", "neither a number nor a percentage"),
        (["broken.csv", "--value", "rows"], "MT5042", "row 2 has 1 field, and the header 2"),
        ([".", "--value", "rows"], "MT5041", "cannot be read"),
    ])
    func badRequestsAreExplained(_ arguments: [String], _ code: String, _ words: String) async throws {
        let project = try TestProject()
        try project.write("rows.csv", file)
        try project.write("broken.csv", "day,rows\n2026-01-01,1\noops\n")
        let result = try await MartletProgram.run(["quality", "detect"] + arguments, in: project.path)
        #expect(result.status == 2)
        #expect(result.talk.contains(code))
        #expect(result.talk.contains(words), "\(result.talk)")
    }
}

@Suite(.tags(.endToEnd))
struct RunMetricsTests {
    private let pipeline = """
        params:
          rows: { type: integer, default: 100 }
        steps:
          - id: load
            command: |
              printf '%*s' {{ params.rows }} '' > "$MARTLET_OUTPUT_DATA"
              echo '{"type":"metric","name":"rows","value":{{ params.rows }}}' >> "$MARTLET_MESSAGES"
            outputs: { data: raw/data }
        """

    @Test
    func runsLeaveMetricsAndAnUnusualOneIsAcknowledged() async throws {
        let project = try TestProject(["load": pipeline])
        for run in 0..<13 {
            let result = try await project.martlet("run", "load", "--quiet", "-p", "rows=\(1000 + run % 3)")
            #expect(result.status == 0, "\(result.talk)")
        }
        #expect(try await project.martlet("quality", "anomalies", "--json").json == .array([]))
        #expect(try await project.martlet("run", "load", "--quiet", "-p", "rows=10").status == 0)

        let metrics = try await project.martlet("quality", "metrics", "load", "--json").json
        let series = try #require(metrics["pipelines"]?.elements?.first?["series"]?.elements)
        let names = series.compactMap { $0["series"]?.text }
        for name in ["run:duration", "step:load:duration", "dataset:raw/data:bytes", "dataset:raw/data:rows"] {
            #expect(names.contains(name), "\(names)")
        }

        let anomalies = try #require(try await project.martlet("quality", "anomalies", "--json").json.elements)
        let unusual = anomalies.compactMap { $0["series"]?.text }
        #expect(unusual.contains("dataset:raw/data:rows"), "\(unusual)")
        let ack = try await project.martlet("quality", "anomalies", "ack", "latest", "--as", "expected")
        #expect(ack.status == 0, "\(ack.talk)")
        let after = try #require(try await project.martlet("quality", "anomalies", "--json").json.elements)
        #expect(after.allSatisfy { $0["feedback"]?.text == "expected" })
        #expect(try await project.martlet("run", "load", "--quiet", "-p", "rows=11").status == 0)
        let last = try #require(try await project.martlet("quality", "anomalies", "--json").json.elements)
        #expect(last.filter { $0["series"]?.text == "dataset:raw/data:rows" }.count == 1)
    }

    @Test
    func unknownNamesAreExplained() async throws {
        let project = try TestProject(["load": pipeline])
        #expect(try await project.martlet("run", "load", "--quiet").status == 0)
        let metrics = try await project.martlet("quality", "metrics", "laod")
        #expect(metrics.status == 2)
        #expect(metrics.talk.contains("did you mean load?"))
        let ack = try await project.martlet("quality", "anomalies", "ack", "latest", "--as", "expected")
        #expect(ack.status == 2)
        #expect(ack.talk.contains("MT5044"))
    }
}

extension JSONValue {
    fileprivate var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
}
