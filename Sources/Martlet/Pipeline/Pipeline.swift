/// A pipeline: its manifest, and the bodies of its Swift steps.
///
/// ```swift
/// Pipeline("churn", owner: "ml-platform") { p in
///     let events = p.source("events/raw", RawEvents.self, at: "data/events.csv")
///     let features = p.sql(
///         "features",
///         file: "sql/features.sql",
///         reads: ["events": events],
///         writes: Features.to("events/features")
///     ).outputs
///     p.step("count", features) { context, features in
///         try context.log("\(features.path)")
///     }
/// }
/// ```
public struct Pipeline: Sendable {
    /// What Martlet is told of the pipeline.
    public let manifest: PipelineManifest
    /// What each Swift step does.
    let bodies: [StepID: StepBody]
    /// Everything wrong with the pipeline, each with its place in the source where that is known.
    public let problems: [ManifestProblem]

    /// Builds a pipeline.
    ///
    /// Mistakes do not stop the building; they are gathered in ``problems``, and every command of the program reports
    /// them.
    ///
    /// - Parameters:
    ///   - name: the pipeline's name.
    ///   - description: what it is for.
    ///   - owner: who looks after it.
    ///   - tags: marks to find it by.
    ///   - schedule: when the pipeline starts by itself.
    ///   - maxParallelSteps: most steps of one run that run at once.
    ///   - runs: how its runs are run.
    ///   - defaults: options of every step, before its own.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - build: adds parameters, sources and steps.
    public init(
        _ name: String,
        description: String? = nil,
        owner: String? = nil,
        tags: [String] = [],
        schedule: ScheduleSpec? = nil,
        maxParallelSteps: Int? = nil,
        runs: [RunOption] = [],
        defaults: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        build: (PipelineBuilder) -> Void
    ) {
        let builder = PipelineBuilder(defaults: defaults)
        let place = SourceLocation(file: fileID, line: line)
        let id: PipelineID = builder.name(name, at: place, path: ["pipeline"])
        build(builder)
        var policy = PipelinePolicy()
        for option in runs { option.apply(to: &policy) }
        manifest = PipelineManifest(
            pipeline: id,
            description: description,
            owner: owner,
            tags: tags,
            schedule: schedule,
            params: builder.params,
            sources: builder.sources,
            maxParallelSteps: maxParallelSteps,
            policy: policy,
            groups: builder.groups,
            steps: builder.steps
        )
        bodies = builder.bodies
        problems = builder.problems + builder.located(ManifestValidator.problems(in: manifest), otherwise: place)
    }
}
