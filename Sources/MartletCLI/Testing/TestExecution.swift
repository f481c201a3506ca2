import Foundation
import MartletCore
import MartletRuntime
import MartletScheduling

/// Executes one test of a pipeline.
struct TestExecution {
    let workspace: Workspace
    let loaded: LoadedPipeline
    let test: SpecifiedTest
    let source: SourceText
    /// A folder of this test's own; absolute, and not there yet.
    let scratch: String
    let isKept: Bool
    let runs: ActiveRuns

    /// Runs or renders, and compares.
    func result() async -> TestResult {
        let began = ContinuousClock.now
        var result = await compared()
        result.seconds = (ContinuousClock.now - began).seconds
        result.sources[source.file] = source
        if !isKept { try? FileManager.default.removeItem(atPath: scratch) }
        return result
    }

    private func compared() async -> TestResult {
        if let reason = runs.stopReason { return finished(.skipped(reason)) }
        let problems = setupProblems()
        if !problems.isEmpty { return finished(.broken(problems)) }
        do throws(MartletError) {
            switch test.kind {
            case .run(let expectation): return try await run(expectation)
            case .render(let steps, let item): return try render(steps, item)
            }
        } catch {
            var error = error
            error.location = error.location ?? source.location(test.position)
            return finished(.broken([error]))
        }
    }

    private func finished(_ outcome: TestResult.Outcome) -> TestResult {
        TestResult(name: test.name, outcome: outcome, file: source.file)
    }

    /// What does not fit the pipeline, and files that are not there.
    private func setupProblems() -> [MartletError] {
        var problems = TestPlan.problems(in: test.setup, for: loaded.manifest)
        let files = PipelineFiles(root: loaded.projectRoot) { PipelineLoader.shown($0, from: loaded.projectRoot) }
        func check(_ fixture: Fixture, at path: [PathComponent]) {
            guard case .file(let file) = fixture, !FileManager.default.fileExists(atPath: file) else { return }
            let shown = PipelineLoader.shown(file, from: loaded.projectRoot)
            if let missing = files.missing(shown, noun: "file") { problems.append(ManifestProblem(path, missing)) }
        }
        for (dataset, fixture) in test.setup.fixtures { check(fixture, at: ["fixtures", .key(dataset.rawValue)]) }
        for (instance, stub) in test.setup.stubs {
            for (name, fixture) in stub.outputs {
                check(fixture, at: ["stubs", .key(instance.description), "outputs", .key(name.rawValue)])
            }
        }
        return problems.map { problem in
            var error = problem.error
            error.location = source.location(test.place(of: problem.path, isAboutKey: problem.isAboutKey))
            return error
        }.sorted { ($0.location?.line ?? 0, $0.message) < ($1.location?.line ?? 0, $1.message) }
    }

    private func run(_ expectation: RunExpectation) async throws(MartletError) -> TestResult {
        let store = try workspace.testStore(in: scratch)
        let configuration = TestRun.Configuration(
            manifest: loaded.manifest,
            program: loaded.program,
            project: loaded.projectRoot,
            scratch: scratch,
            slots: workspace.defaultSlots,
            timeout: test.timeout,
            martletVersion: MartletVersion.text
        )
        let dependencies = workspace.testDependencies(test.setup, store: store, scratch: scratch)
        let outcome: Result<TestRunResult, MartletError>
        do throws(MartletError) {
            outcome = .success(try await TestRun(configuration, dependencies).run(test.setup, started: runs.add))
        } catch {
            outcome = .failure(error)
        }
        await store.close()
        let result = try outcome.get()
        runs.remove(result.projection.run.id)
        var check = ExpectationCheck(expectation, result, loaded.manifest, source, at: test.position)
        check.run()
        let reader = workspace.testTables(result.projection.run, scratch: scratch)
        var datasets = DatasetCheck(result, loaded.manifest, source, reader)
        await datasets.run(expectation)
        var failures = check.failures + datasets.failures
        if result.isTimedOut { failures.insert(timeOut, at: 0) }
        var told = finished(failures.isEmpty ? .passed : .failed(failures))
        told.run = TestResult.Run(id: result.projection.run.id, folder: result.folder, isKept: isKept)
        return told
    }

    private var timeOut: MartletError {
        MartletError(
            .testTimedOut,
            "the test ran longer than \(test.timeout.shortText)",
            remedy: "stub what takes long, or set timeout: in the test",
            location: source.location(test.position)
        )
    }

    private func render(
        _ steps: [Placed<(step: StepID, expected: JSONValue)>],
        _ item: JSONValue?
    ) throws(MartletError) -> TestResult {
        let shelf = try FixtureShelf(test.setup, for: loaded.manifest, in: "\(scratch)/fixtures")
        let setup = test.setup.answered(for: loaded.manifest)
        var failures: [MartletError] = []
        for entry in steps {
            let location = source.location(entry.position)
            guard let step = loaded.manifest.step(entry.value.step) else {
                let known = loaded.manifest.steps.map(\.id.rawValue)
                throw MartletError(
                    .referenceUnknown,
                    "pipeline \(loaded.manifest.pipeline) has no step \(entry.value.step)",
                    remedy: NearestName.of(entry.value.step.rawValue, among: known).map { "did you mean \($0)?" }
                        ?? "it has \(known.joined(separator: ", "))",
                    location: location
                )
            }
            let context = try setup.context(
                of: step,
                in: loaded.manifest,
                project: loaded.projectRoot,
                placed: shelf.datasets,
                item: item.map { MapPlace(index: 0, count: 1, item: $0, label: $0.displayText) }
            )
            let rendering = StepRendering(of: step, in: context, settings: setup.settings.lookup)
            failures += RenderingCheck.failures(entry.value.expected, rendering, of: step.id.rawValue, at: location)
        }
        return finished(failures.isEmpty ? .passed : .failed(failures))
    }
}
