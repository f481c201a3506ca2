import Foundation
import MartletCore
import MartletTestKit
import Testing

/// The demo's pipeline on the fixture of 2,000 flights: everything but the package index is local.
@Suite(.tags(.endToEnd)) struct FlightDelaysTests {
    /// A copy of the example, so that its own `.martlet` is left alone.
    private func copy() throws -> TestProject {
        let project = try TestProject()
        let example = "\(MartletProgram.repository)/Examples/flight_delays"
        for name in ["martlet.yaml", "pipelines", "quality", "sql", "steps"] {
            try? FileManager.default.removeItem(atPath: "\(project.path)/\(name)")
            try FileManager.default.copyItem(atPath: "\(example)/\(name)", toPath: "\(project.path)/\(name)")
        }
        return project
    }

    private var fixture: String { "source=\(MartletProgram.repository)/Tests/Fixtures/flights" }

    @Test(.timeLimit(.minutes(30))) func theWholePipelineRuns() async throws {
        let project = try copy()
        let run = try await project.martlet("run", "flight_delays", "-p", fixture, "-p", "min_auc=0.6", "--json")
        #expect(run.status == 0, "\(run.talk)")
        guard case .array(let steps) = try run.json["steps"] else {
            Issue.record("no steps")
            return
        }
        #expect(steps.map { $0["state"] } == Array(repeating: "success", count: 7))
        let metrics = Dictionary(uniqueKeysWithValues: steps.map { ($0["id"]?.stringValue ?? "", $0["metrics"]) })
        #expect(metrics["ingest"]??["rows_out.flights"] == 2_000)
        // 139 of the 2,000 never departed.
        #expect(metrics["clean"]??["rows_out.flights"] == 1_861)
        #expect(metrics["features"]??["rows_out.features"] == 1_861)
        let auc = try #require(steps[5]["values"]?["auc"]?.doubleValue)
        #expect(auc > 0.6 && auc < 0.9)
        guard case .array(let outputs) = steps[6]["outputs"] else { return }
        let page = try String(contentsOfFile: outputs[0]["path"]?.stringValue ?? "", encoding: .utf8)
        #expect(page.contains("<svg") && page.contains("AUC"))

        // A floor that is not reached fails the run, says why, and keeps what was measured.
        let strict = try await project.martlet("run", "flight_delays", "-p", fixture, "-p", "min_auc=0.99", "--json")
        #expect(strict.status == 1)
        guard case .array(let failed) = try strict.json["steps"] else { return }
        #expect(failed[5]["state"] == "failed" && failed[6]["state"] == "upstream_failed")
        #expect(failed[5]["values"]?["auc"]?.doubleValue == auc, "the same data and seed give the same model")
        #expect(failed[5]["error"]?["reason"]?.stringValue?.contains("0.99") == true)
    }
}
