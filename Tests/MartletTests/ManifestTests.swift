import MartletCore
import Testing

@testable import Martlet

@Suite struct ManifestTests {
    @Test func everythingInThePipelineReachesTheManifest() throws {
        #expect(Fixture.pipeline.problems.map(\.error.description) == [])
        try Golden.expect(JSONText.pretty(Fixture.pipeline.manifest) + "\n", equals: "churn.manifest.json")
    }

    @Test func manifestReadsBackAsItself() throws {
        let text = JSONText.encode(Fixture.pipeline.manifest)
        #expect(try JSONText.decode(PipelineManifest.self, from: text) == Fixture.pipeline.manifest)
    }

    @Test func swiftStepsNameWhatTheirBodiesAreGiven() throws {
        let stats = try #require(Fixture.pipeline.manifest.step(StepID(trusted: "stats")))
        #expect(stats.inputs.map(\.name.rawValue) == ["features", "clean"])
        #expect(stats.values == [PortName(trusted: "result")])
        guard case .swift(let action) = stats.action else {
            Issue.record("stats is a \(stats.action.kind) step")
            return
        }
        #expect(action.valueInputs == [ValueReference(step: StepID(trusted: "train"), name: PortName(trusted: "auc"))])
    }

    @Test func inputsOfOneNameAreToldApart() throws {
        let pipeline = Pipeline("p") { p in
            let first = p.source("a/data", RawEvents.self, at: "a.csv")
            let second = p.source("b/Data", RawEvents.self, at: "b.csv")
            p.step("both", [first, second], first) { context, all, first in
                context.log("\(all.map(\.path)) \(first.path)")
            }
        }
        #expect(pipeline.problems.isEmpty)
        #expect(pipeline.manifest.steps[0].inputs.map(\.name.rawValue) == ["data", "Data_2"])
    }

    @Test(arguments: [
        ("flights/raw", "raw"), ("report.html", "report"), ("a/b-c.d", "b_c"), ("a/2024", "_2024"), ("", "_"),
    ])
    func outputsAreNamedAfterTheirDatasets(dataset: String, name: String) {
        #expect(Features.to(dataset).name == name)
    }

    @Test func optionsOfAStepWinOverDefaultsAndListsAddUp() {
        let pipeline = Pipeline("p", defaults: [.retries(5), .tags("all"), .env(["A": "1", "B": "1"])]) { p in
            p.command("x", "true", options: [.retries(0), .tags("one"), .env(["B": "2"])])
        }
        let step = pipeline.manifest.steps[0]
        #expect(step.retry.retries == 0)
        #expect(step.tags == ["all", "one"])
        #expect(step.env == ["A": "1", "B": "2"])
    }

    @Test func choicesOfABranchFollowTheRootsOfTheirSteps() {
        let pipeline = Pipeline("p") { p in
            let ready = p.step("check") { _ in true }
            let (left, _) = p.branch(
                "route",
                .when(ready) {
                    let one = p.step("one") { _ in 1 }
                    return p.step("two", one) { _, one in one + 1 }
                },
                .otherwise {
                    p.branch("inner", .when(!ready) { p.command("never", "false") })
                }
            )
            p.step("join", left, options: [.triggerRule(.noneFailedMinOneSuccess)]) { _, left in left }
        }
        #expect(pipeline.problems.map(\.error.description) == [])
        #expect(
            pipeline.manifest.step(StepID(trusted: "route"))?.action
                == .branch(
                    BranchAction(cases: [
                        BranchCase(when: "{{ steps.check.values.result }}", follow: [StepID(trusted: "one")]),
                        BranchCase(follow: [StepID(trusted: "inner")]),
                    ])
                )
        )
    }
}
