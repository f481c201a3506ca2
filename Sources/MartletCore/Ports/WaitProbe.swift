/// Looks whether what a step waits for holds: the port behind `wait:` steps.
public protocol WaitProbe: Sendable {
    /// Looks once.
    ///
    /// A look is bounded in time and memory, and holds nothing when it has returned. Cancelling the calling task ends it
    /// early, with any result. Nothing in the result holds a secret that the request brought.
    ///
    /// - Parameters:
    ///   - request: the wait.
    ///   - wake: to be called, from any thread and until ``end(_:)``, when another look is worth while before the next
    ///     turn; a probe that cannot tell never calls it.
    /// - Returns: what was found.
    func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult

    /// The wait is over; gives up what was kept to wake it.
    func end(_ key: WaitKey)
}

extension WaitProbe {
    /// Looks once and wants no waking.
    public func probe(_ request: WaitRequest) async -> WaitResult {
        let result = await probe(request) {}
        end(request.key)
        return result
    }

    /// Most probes keep nothing.
    public func end(_ key: WaitKey) {}
}

/// Tells waits what runs have done: the part of the state that they may ask for.
public protocol RunFacts: Sendable {
    /// Where a run of `pipeline`, or `step` of that run, stands.
    ///
    /// - Parameters:
    ///   - pipeline: the pipeline.
    ///   - step: its step; nil means the run itself.
    ///   - logicalDate: that of the run; nil means the run created last.
    /// - Returns: nil when there is no such run yet, or no such step in it.
    /// - Throws: ``MartletError`` when the state cannot be read.
    func state(
        of pipeline: PipelineID,
        step: StepID?,
        logicalDate: Timestamp?
    ) async throws(MartletError) -> RunFact?

    /// When `dataset` was last written by a run; nil when it never was.
    ///
    /// - Throws: ``MartletError`` when the state cannot be read.
    func lastWriting(of dataset: DatasetID) async throws(MartletError) -> DatasetFact?
}

/// Where a run or a step of it stands.
public struct RunFact: Hashable, Sendable {
    /// The run.
    public var run: RunID
    /// Its state, or that of the step, by the name in the log.
    public var state: String

    /// The run `run` in `state`.
    public init(run: RunID, state: String) {
        self.run = run
        self.state = state
    }
}

/// One writing of a dataset.
public struct DatasetFact: Hashable, Sendable {
    /// When it was written.
    public var at: Timestamp
    /// The run that wrote it; nil when it came from elsewhere.
    public var run: RunID?
    /// Where it was written; nil when that is not known.
    public var path: String?

    /// A writing at `at`.
    public init(at: Timestamp, run: RunID? = nil, path: String? = nil) {
        self.at = at
        self.run = run
        self.path = path
    }
}
