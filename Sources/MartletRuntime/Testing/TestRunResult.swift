public import MartletCore
public import MartletScheduling
import OrderedCollections

/// What became of a run for a test.
public struct TestRunResult: Sendable {
    /// The run and its steps at the end.
    public var projection: RunProjection
    /// The run's log.
    public var events: [RecordedEvent]
    /// Every attempt, in the order in which they were launched.
    public var launches: [AttemptLaunch]
    /// The run's folder; absolute.
    public var folder: String
    /// Whether it was ended because its time was over.
    public var isTimedOut: Bool
    private let settings: ResolvedSettings

    init(
        projection: RunProjection,
        events: [RecordedEvent],
        launches: [AttemptLaunch],
        folder: String,
        isTimedOut: Bool,
        settings: ResolvedSettings
    ) {
        self.projection = projection
        self.events = events
        self.launches = launches
        self.folder = folder
        self.isTimedOut = isTimedOut
        self.settings = settings
    }

    /// What was written of a dataset, by the instances that wrote it.
    public func outputs(of dataset: DatasetID) -> [DatasetOutput] {
        projection.steps.values.flatMap { $0.outcome?.outputs ?? [] }.filter { $0.dataset == dataset }
    }

    /// What the templates of a step became in its last attempt; nil when it was never launched.
    ///
    /// Paths are shown from the project's folder, or from the run's.
    public func rendering(of instance: InstanceID, in manifest: PipelineManifest) -> StepRendering? {
        let launch = launches.last { $0.context.instance == instance }
        // The step as its pipeline has it, whatever ran in its place.
        guard let launch, let step = manifest.step(instance.step) else { return nil }
        return StepRendering(of: step, in: launch.context.relative(toRun: folder), settings: settings.lookup)
    }
}
