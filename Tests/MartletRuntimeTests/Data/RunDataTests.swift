import Foundation
import MartletCore
import MartletTestKit
import OrderedCollections
import Testing

@testable import MartletRuntime

/// Runs as transactions on data, with real processes and a lake in memory.
struct RunDataTests {
    let bench: RunDataBench

    init() throws { bench = try RunDataBench() }

    @Test func whatARunMakesIsPublishedWhole() async throws {
        let run = try await bench.run()
        #expect(run.run.state == .success)
        let head = try #require(bench.lake.head(of: .main))
        #expect(run.run.published == .main && run.run.commit == head)
        #expect(bench.lake.datasets(at: head) == [bench.raw, bench.clean, bench.count])
        // Its branch is part of the history now, and no more by itself.
        #expect(bench.lake.head(of: .of(run.run.id)) == nil)
        let origin = try #require(bench.lake.origin(of: head))
        #expect(origin.id == run.run.id && origin.params["rate"] == 1)
        let told = try await bench.store.datasetEvents(after: 0, limit: 10)
        #expect(Set(told.map(\.dataset)) == [bench.clean, bench.count])
    }

    @Test func anUnchangedRunDoesNothing() async throws {
        let first = try await bench.run()
        let second = try await bench.run()
        #expect(bench.launcher.launched == ["clean", "count"])
        #expect(second.run.state == .success)
        for step in second.rows { #expect(step.outcome?.reused?.run == first.run.id) }
        #expect(second.steps[bench.instance("count")]?.outcome?.values["lines"] == 2)
        // One more run builds on what was reused.
        try bench.write("a\nb\nc\n", "data.txt")
        let third = try await bench.run()
        #expect(third.steps[bench.instance("count")]?.outcome?.values["lines"] == 3)
    }

    @Test(arguments: [
        ("data.txt", "x\ny\nz\n", ["clean", "count"], "input raw changed"),
        (
            "steps/clean.sh", "cat \"$MARTLET_INPUT_RAW\" > \"$MARTLET_OUTPUT_CLEAN\" # anew\n", ["clean"],
            "file steps/clean.sh changed"
        ),
    ])
    func onlyWhatChangedRunsAgain(_ file: String, _ text: String, _ launched: [String], _ reason: String) async throws {
        _ = try await bench.run()
        try bench.write(text, file)
        let second = try await bench.run()
        #expect(Array(bench.launcher.launched.dropFirst(2)) == launched)
        #expect(second.steps[bench.instance("clean")]?.outcome?.ranBecause == reason)
    }

    @Test func aParameterThatChangesIsAReason() async throws {
        _ = try await bench.run()
        let second = try await bench.run(params: ["rate": 2])
        let clean = second.steps[bench.instance("clean")]?.outcome
        #expect(clean?.ranBecause == "parameter rate changed")
        // Any step may look at it.
        #expect(bench.launcher.launched.count == 4)
    }

    @Test func noCacheRunsEverything() async throws {
        _ = try await bench.run()
        let second = try await bench.run(usesCache: false)
        #expect(bench.launcher.launched.count == 4)
        #expect(second.steps[bench.instance("clean")]?.outcome?.ranBecause == "--no-cache")
    }

    @Test func aFailedRunPublishesNothing() async throws {
        let first = try await bench.run()
        try bench.write("bad\n", "data.txt")
        let second = try await bench.run()
        #expect(second.run.state == .failed)
        #expect(second.run.published == nil)
        #expect(bench.lake.head(of: .main) == first.run.commit)
        // What it made stays, to be looked at.
        let evidence = try #require(bench.lake.head(of: .of(second.run.id)))
        #expect(second.run.commit == evidence)
        #expect(try await bench.store.datasetEvents(after: 0, limit: 10).count == 2)
        // Once the code is mended, what went well need not be done again.
        try bench.write("cat $MARTLET_INPUT_CLEAN > $MARTLET_OUTPUT_COUNT; \(RunDataBench.report)", "steps/count.sh")
        let third = try await bench.run()
        #expect(third.run.state == .success)
        #expect(third.steps[bench.instance("clean")]?.outcome?.reused?.run == second.run.id)
    }

    @Test func theSlowerOfTwoWritersFails() async throws {
        let first = try await bench.create()
        let second = try await bench.create()
        // Both are open before either publishes.
        _ = try await bench.lake.open(second.id, from: .main)
        #expect(try await first.run(NoObserver()).run.state == .success)
        try bench.write("other\n", "data.txt")
        let end = try await second.run(NoObserver())
        #expect(end.run.state == .failed)
        #expect(end.run.reason?.contains("has changed there since the run began") == true)
        #expect(bench.lake.head(of: .main) == (try await bench.store.projection(of: first.id)?.run.commit))
        let log = try await bench.store.events(of: second.id).map(\.event.name)
        #expect(log.suffix(2) == ["publish_refused", "run_finished"])
    }

    @Test func whatWasTamperedWithIsReadFromTheLake() async throws {
        let first = try await bench.run()
        let path = try #require(first.steps[bench.instance("clean")]?.outcome?.outputs.first?.path)
        for text in ["tampered\n", nil] {
            if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
            if text == nil { try FileManager.default.removeItem(atPath: path) }
            // The second step runs again, and reads what the first one made then.
            try bench.write(
                "# \(text ?? "")\ncat $MARTLET_INPUT_CLEAN > $MARTLET_OUTPUT_COUNT; \(RunDataBench.report)",
                "steps/count.sh"
            )
            let again = try await bench.run()
            #expect(again.steps[bench.instance("clean")]?.outcome?.reused != nil)
            #expect(again.steps[bench.instance("count")]?.outcome?.values["lines"] == 2)
            #expect(again.steps[bench.instance("count")]?.outcome?.reused == nil)
        }
    }

    @Test func aPublicationThatWasNotRecordedIsFoundAgain() async throws {
        let execution = try await bench.create()
        _ = try await execution.run(NoObserver())
        let log = try await bench.store.events(of: execution.id)
        let head = bench.lake.head(of: .main)
        // The process is killed after the lake has it and before the log does.
        let cut = log.firstIndex { $0.event.name == "published" } ?? 0
        let other = InMemoryRunStore()
        try await other.keep(manifest: bench.manifest(), hash: ManifestHash.of(bench.manifest()))
        try await other.append(Array(log[..<cut]), to: execution.id, expecting: 0)
        let end = try await bench.service(other).resume(execution.id).run(NoObserver())
        #expect(end.run.state == .success)
        #expect(end.run.commit == head)
        #expect(bench.lake.head(of: .main) == head)
        #expect(bench.launcher.launched == ["clean", "count"])
    }

    @Test func aSourceMayBeInTheLake() async throws {
        _ = try await bench.run()
        let reader = bench.reader(of: "lake:main")
        let run = try await bench.run(reader)
        #expect(run.run.state == .success)
        #expect(run.rows.first?.outcome?.values["lines"] == 2)
        let missing = try await bench.run(bench.reader(of: "lake:nowhere"))
        #expect(missing.run.state == .failed)
    }

    @Test func stepsWithoutDataAreLeftAlone() async throws {
        let plain = PipelineManifest(
            pipeline: PipelineID(trusted: "plain"),
            steps: [StepManifest(id: StepID(trusted: "a"), action: .command(CommandAction(shell: "true")))]
        )
        let run = try await bench.run(plain)
        #expect(run.run.state == .success)
        #expect(run.run.branch == nil && run.run.published == nil)
        #expect(bench.lake.head(of: .of(run.run.id)) == nil)
        #expect(run.rows.first?.outcome?.ranBecause == nil)
    }
}
