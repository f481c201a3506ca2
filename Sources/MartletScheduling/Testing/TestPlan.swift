public import MartletCore

/// Makes of a pipeline the one that a test runs.
public enum TestPlan {
    /// The pipeline with its stubs and fixtures in place, and cut off from what is around it.
    ///
    /// Retries follow at once; pools, earlier runs, deadlines and notifiers do not count; neither does a schedule.
    ///
    /// - Parameters:
    ///   - manifest: the pipeline, sound.
    ///   - setup: what the test gives it; without ``problems(in:_:)``.
    ///   - placed: the fixtures of `setup` by dataset.
    /// - Returns: the pipeline to run.
    public static func manifest(
        _ manifest: PipelineManifest,
        _ setup: TestSetup,
        placed: [DatasetID: PlacedFixture]
    ) -> PipelineManifest {
        var result = manifest
        result.policy.deadlines = []
        result.policy.notifyOnFailure = []
        for index in result.sources.indices {
            guard let fixture = placed[result.sources[index].dataset] else { continue }
            result.sources[index].path = fixture.path
            result.sources[index].format = fixture.format ?? result.sources[index].format
        }
        for index in result.steps.indices {
            var step = result.steps[index]
            step.retry = RetryPolicy(retries: step.retry.retries, delaySeconds: 0, backoff: 0)
            step.past = .ignored
            step.limits = StepLimits(priority: step.limits.priority, maxActivePerRun: step.limits.maxActivePerRun)
            step.action = action(of: step, setup)
            result.steps[index] = step
        }
        return result
    }

    /// What the step does: a branch follows what its stub says, and kinds that have no process, such as waits, are given
    /// one, so that they are launched and the stub answers.
    private static func action(of step: StepManifest, _ setup: TestSetup) -> StepAction {
        if let follow = setup.stubs[InstanceID(step.id)]?.follow {
            return .branch(BranchAction(cases: [BranchCase(follow: follow)]))
        }
        let isStubbed = setup.stubs.keys.contains { $0.step == step.id }
        return isStubbed && !step.action.hasProcess ? .command(CommandAction(arguments: ["stub"])) : step.action
    }
}
