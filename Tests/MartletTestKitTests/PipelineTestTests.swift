import Foundation
import MartletCore
import MartletTestKit
import Testing

/// What a package's own tests ask of a pipeline.
@Suite struct PipelineTestTests {
    private static let manifest = PipelineManifest(
        pipeline: PipelineID(trusted: "demo"),
        params: [ParameterSpec(name: PortName(trusted: "name"), type: .string, defaultValue: "world")],
        sources: [SourceSpec(dataset: DatasetID(trusted: "names"), path: "names.csv", format: .csv)],
        steps: [
            StepManifest(
                id: StepID(trusted: "copy"),
                action: .command(CommandAction(shell: "cp {{ inputs.names }} {{ outputs.copy }}; echo copied")),
                inputs: [InputSpec(name: PortName(trusted: "names"), dataset: DatasetID(trusted: "names"))],
                outputs: [
                    OutputSpec(name: PortName(trusted: "copy"), dataset: DatasetID(trusted: "copy"), format: .csv)
                ]
            ),
            StepManifest(
                id: StepID(trusted: "score"),
                action: .command(CommandAction(shell: "exit 3")),
                values: [PortName(trusted: "auc")],
                after: [StepID(trusted: "copy")],
                retry: RetryPolicy(retries: 1, delaySeconds: 3_600)
            ),
            StepManifest(
                id: StepID(trusted: "tell"),
                action: .command(
                    CommandAction(arguments: ["/bin/echo", "{{ params.name }}", "{{ steps.score.values.auc }}"])
                ),
                when: "{{ steps.score.values.auc > 0.7 }}"
            ),
        ]
    )

    private let test = PipelineTest(manifest).fixture("names", rows: [["name": "ann", "age": 3], ["name": "bob"]])

    @Test func aPipelineIsReallyRun() async throws {
        let result = try await test.parameter("name", "ann").stub("score", values: ["auc": 0.8], failingFirst: 1).run()
        #expect(result.state == .success && result.reason == nil)
        #expect(result.attempts == ["copy#1", "score#1", "score#2", "tell#1"])
        #expect(result.step("score").values == ["auc": 0.8])
        #expect(result.step("copy").log.contains("copied"))
        #expect(result.step("tell").log.contains("ann 0.8"))
        #expect(result.step("tell").rendering?["command"] == .array(["/bin/echo", "ann", "0.8"]))
        #expect(try await result.rows(of: "copy") == [["age": "3", "name": "ann"], ["age": "", "name": "bob"]])
        #expect(result.files(of: "copy").count == 1)
        #expect(result.instances(of: "copy").map(\.state) == [.success])
        #expect(result.events.count > 5)
    }

    @Test func failuresAndSkipsAreResults() async throws {
        let failed = try await test.run()
        #expect(failed.state == .failed)
        #expect(failed.step("score").attempts == 2)
        #expect(failed.step("score").error?.code == .exitCode)
        #expect(failed.step("tell").state == .upstreamFailed)
        let skipped = try await test.skip("score", reason: "no model").run()
        #expect(skipped.state == .success)
        #expect(skipped.step("score").reason == "no model")
        #expect(skipped.step("tell").state == .skipped)
        let given = try await test.fail("copy", reason: "no disk", isRetryable: false).run()
        #expect(given.step("copy").error?.message == "no disk")
    }

    @Test func anotherProgramMayStandIn() async throws {
        let result = try await test.stub("score", values: ["auc": 0.9]).replace(
            "tell",
            with: ["/bin/echo", "replaced"]
        ).run()
        #expect(result.step("tell").log.contains("replaced"))
    }

    @Test func theFolderGoesAwayWithTheResult() async throws {
        var result: PipelineTestResult? = try await test.run()
        let folder = try #require(result?.folder)
        #expect(FileManager.default.fileExists(atPath: folder))
        result = nil
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func templatesAreWorkedOutWithoutARun() throws {
        let rendering = try test.stub("score", values: ["auc": 0.5]).rendering(of: "tell")
        #expect(rendering["when"] == false)
        let copy = try PipelineTest(Self.manifest).rendering(of: "copy")
        #expect(copy["command"] == "cp names.csv steps/copy/1/outputs/copy.csv; echo copied")
        #expect(throws: MartletError.self) { try test.rendering(of: "tell") }
        #expect(throws: MartletError.self) { try test.rendering(of: "tel") }
    }

    @Test func whatDoesNotFitIsAnError() async throws {
        let cases: [(PipelineTest, ErrorCode)] = [
            (test.stub("scroe"), .referenceUnknown), (test.stub("score"), .stubInvalid),
            (test.parameter("nam", 1), .parameterValueInvalid), (test.fixture("nams", rows: []), .referenceUnknown),
            (test.fixture("names", file: "/nowhere.csv"), .fileUnreadable),
            (PipelineTest(PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [])), .keyMissing),
        ]
        for (test, code) in cases {
            let error = await #expect(throws: MartletError.self) { try await test.run() }
            #expect(error?.code == code)
        }
        let swift = PipelineManifest(
            pipeline: PipelineID(trusted: "p"),
            steps: [StepManifest(id: StepID(trusted: "s"), action: .swift(SwiftAction()))]
        )
        let error = await #expect(throws: MartletError.self) { try await PipelineTest(swift).run() }
        #expect(error?.message.contains("Swift step") == true)
        #expect(try await PipelineTest(swift).stub("s").run().state == .success)
    }

    @Test func aNameThatNoStepHasIsAnIssue() async throws {
        let result = try await test.run()
        withKnownIssue { #expect(result.step("scor").state == .none) }
    }
}
