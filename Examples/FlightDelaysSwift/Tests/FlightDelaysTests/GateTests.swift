import MartletTestKit
import Testing

@testable import FlightDelays

/// What the gate lets through: it really runs; all before it is answered for.
@Suite struct GateTests {
    private func test(auc: Double, calibrationError: Double = 0.02) -> PipelineTest {
        let measured: [String: JSONValue] = [
            "auc": .number(auc), "brier": 0.13, "brier_of_base_rate": 0.16,
            "calibration_error": .number(calibrationError), "test_rows": 500,
        ]
        return PipelineTest(FlightDelays.pipelines[0], program: "FlightDelays")
            .stub("ingest").stub("check_raw").stub("clean").stub("features").stub("train")
            .stub("evaluate", values: ["auc": .number(auc)])
            .fixture("evaluation/metrics", rows: [measured])
            .stub("report")
    }

    @Test func aGoodModelGetsAReport() async throws {
        let result = try await test(auc: 0.75).run()
        #expect(result.state == .success)
        let verdict = result.step("gate").values["result"]
        #expect(verdict?["auc"] == 0.75)
        #expect(verdict?["flights"] == 500)
        #expect(result.step("report").state == .success)
    }

    @Test(arguments: [(0.65, 0.02), (0.75, 0.2)])
    func anotherDoesNot(auc: Double, calibrationError: Double) async throws {
        let result = try await test(auc: auc, calibrationError: calibrationError).run()
        #expect(result.state == .failed)
        #expect(result.step("gate").state == .failed)
        #expect(result.step("gate").attempts == 1)
        #expect(result.step("gate").error?.message.contains("not good enough") == true)
        #expect(result.step("report").state == .upstreamFailed)
    }

    @Test func anEvaluationThatIsTriedAgainIsTriedAsOftenAsItMayBe() async throws {
        let result = try await PipelineTest(FlightDelays.pipelines[0])
            .fail("ingest", reason: "the network is down")
            .stub("gate", values: ["result": .object(["skill": 0.2])])
            .run()
        #expect(result.attempts == ["ingest#1", "ingest#2", "ingest#3"])
        #expect(result.step("clean").state == .upstreamFailed)
    }
}

/// The rules that the pipelines of this package keep.
@Suite struct RuleTests {
    private let rules = PipelineRules([
        .owner(), .description(), .stepCount(1...12),
        .timeout(maximumSeconds: 1800).exceptKinds("sql", "check", "swift")
            .except("*.report"),
        .stepNames("[a-z_]+"), .datasetNames("[a-z_/]+(\\.html|\\.txt)?"),
    ])

    @Test(arguments: FlightDelays.pipelines.map(\.manifest)) func areKept(pipeline: PipelineManifest) {
        #expect(rules.problems(in: pipeline).map(\.description) == [])
    }
}
