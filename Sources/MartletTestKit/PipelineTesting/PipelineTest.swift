import Foundation
public import MartletCore
import MartletRuntime
import MartletScheduling
public import Testing

/// A pipeline under test: really run, but for the steps and the data that the test replaces.
///
/// ```swift
/// let result = try await PipelineTest(FlightDelays.pipelines[0], program: "FlightDelays")
///     .fixture("flights/raw", file: "Tests/Data/flights.csv")
///     .stub("train", values: ["auc": 0.8])
///     .run()
/// #expect(result.state == .success)
/// #expect(result.step("gate").values["passed"] == true)
/// ```
///
/// The run keeps its state in a folder of its own, which goes away with the result. Retries follow at once; pools,
/// schedules, deadlines and notifiers do not count. Steps that wait need a stub, because nothing is there to wait for.
public struct PipelineTest: Sendable {
    let manifest: PipelineManifest
    let program: String?
    let project: String
    var setup = TestSetup()
    private var timeout = Duration.seconds(Limits.testSeconds)
    private var slots = 4
    private let problems: [ManifestProblem]

    /// A test of `pipeline`.
    ///
    /// - Parameters:
    ///   - pipeline: a pipeline written in Swift, or a manifest.
    ///   - program: the program that holds its Swift steps: a path, or the name of a product of the same package. Not
    ///     needed when all Swift steps are stubbed.
    ///   - project: the folder that relative paths of the pipeline start from; the current one unless told otherwise.
    public init(_ pipeline: some DescribedPipeline, program: String? = nil, project: String? = nil) {
        let folder = project.map { URL(filePath: $0) } ?? URL(filePath: FileManager.default.currentDirectoryPath)
        self.project = folder.standardizedFileURL.path
        self.program = program.map { TestPrograms.path(ofProduct: $0) }
        manifest = pipeline.manifest
        problems = pipeline.problems
    }

    /// The same test with at most `count` steps at once.
    public func slots(_ count: Int) -> PipelineTest { changed { $0.slots = count } }

    /// The same test with another limit of time; it is ten minutes otherwise.
    public func timeout(_ duration: Duration) -> PipelineTest { changed { $0.timeout = duration } }

    /// The same test with a value for a parameter.
    public func parameter(_ name: String, _ value: JSONValue) -> PipelineTest {
        changed { $0.setup.params[name] = value }
    }

    /// The same test for a run that stands for this time.
    public func logicalDate(
        _ date: Timestamp,
        interval: (start: Timestamp, end: Timestamp)? = nil
    ) -> PipelineTest {
        changed { test in
            test.setup.occasion.logicalDate = date
            test.setup.occasion.intervalStart = interval?.start
            test.setup.occasion.intervalEnd = interval?.end
        }
    }

    /// The same test with a variable of the project.
    public func variable(_ name: String, _ value: JSONValue) -> PipelineTest {
        changed { $0.setup.variables[VariableName(trusted: name)] = value }
    }

    /// The same test with a connection of the project.
    public func connection(_ connection: Connection) -> PipelineTest {
        changed { $0.setup.connections[connection.id] = connection }
    }

    /// Runs the pipeline to its end.
    ///
    /// - Throws: ``MartletError`` with what is wrong in the pipeline, MT1052 when a stub or a fixture does not fit it,
    ///   MT1001 for a fixture without a file, MT1054 when it takes too long, MT8xxx for the disk.
    public func run() async throws(MartletError) -> PipelineTestResult {
        let manifest = try checked()
        let scratch = try TestScratch()
        let store = InMemoryRunStore()
        let configuration = TestRun.Configuration(
            manifest: manifest,
            program: program,
            project: project,
            scratch: scratch.path,
            slots: slots,
            timeout: timeout
        )
        let dependencies = TestPrograms.dependencies(setup, store: store, project: project, scratch: scratch.path)
        let result = try await TestRun(configuration, dependencies).run(setup)
        if result.isTimedOut {
            throw MartletError(
                .testTimedOut,
                "the run took longer than \(timeout.shortText)",
                remedy: "stub what takes long, or give it more time with timeout(_:)"
            )
        }
        return PipelineTestResult(result, manifest: manifest, project: project, scratch: scratch)
    }

    /// What the templates of a step become, without a run: the steps before it have come to their stubs.
    ///
    /// The result is an object as in YAML, as in `{"command": "...", "env": {...}}`; paths start from the project's
    /// folder or from the run's.
    ///
    /// - Throws: ``MartletError`` MT1008 when there is no such step, MT2008 when a template fails, and as ``run()``.
    public func rendering(of step: String, item: JSONValue? = nil) throws(MartletError) -> JSONValue {
        let manifest = try checked()
        guard let known = manifest.steps.first(where: { $0.id.rawValue == step }) else {
            throw MartletError(.referenceUnknown, "pipeline \(manifest.pipeline) has no step \(step)")
        }
        let scratch = try TestScratch()
        let setup = setup.answered(for: manifest)
        let shelf = try FixtureShelf(setup, for: manifest, in: "\(scratch.path)/fixtures")
        let context = try setup.context(
            of: known,
            in: manifest,
            project: project,
            placed: shelf.datasets,
            item: item.map { MapPlace(index: 0, count: 1, item: $0, label: $0.displayText) }
        )
        let rendering = StepRendering(of: known, in: context, settings: setup.settings.lookup)
        if let failure = rendering.failures.min(by: { $0.key < $1.key }) {
            throw MartletError(.expressionFailed, "step \(step): \(failure.key) cannot be worked out: \(failure.value)")
        }
        return rendering.results
    }

    func changed(_ change: (inout PipelineTest) -> Void) -> PipelineTest {
        var test = self
        change(&test)
        return test
    }

    /// The pipeline with its scripts, when nothing is wrong with it or with the test.
    private func checked() throws(MartletError) -> PipelineManifest {
        if let problem = problems.first { throw problem.error }
        let manifest = try TestPrograms.withScripts(manifest, project: project)
        if let problem = TestPlan.problems(in: setup, for: manifest).first { throw problem.error }
        for step in manifest.steps {
            guard case .swift = step.action, program == nil, setup.stub(of: InstanceID(step.id)) == nil else {
                continue
            }
            throw MartletError(
                .stubInvalid,
                "step \(step.id) is a Swift step, and the test knows no program that holds it",
                remedy: "name the product: PipelineTest(..., program: \"NAME\"), or stub the step"
            )
        }
        return manifest
    }
}

extension PipelineManifest: CustomTestStringConvertible {
    /// The pipeline's name: test reports have no use for the rest.
    public var testDescription: String { pipeline.rawValue }
}
