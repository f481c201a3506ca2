public import MartletCore
import Synchronization

/// A probe without a world: what it finds is set by the test.
public final class FakeWaitProbe: WaitProbe {
    private struct State {
        var results: [WaitKey: [WaitResult]] = [:]
        var looks: [WaitKey] = []
        var wakers: [WaitKey: @Sendable () -> Void] = [:]
        var ended: [WaitKey] = []
        var atOnce = 0
        var mostAtOnce = 0
    }

    private let state = Mutex(State())
    private let otherwise: WaitResult
    private let gate: (@Sendable () async -> Void)?
    private let looked: (stream: AsyncStream<WaitKey>, continuation: AsyncStream<WaitKey>.Continuation)

    /// A probe that finds `otherwise` wherever no result is set; each look passes `gate` first.
    public init(
        otherwise: WaitResult = .notYet(reason: "nothing there"),
        gate: (@Sendable () async -> Void)? = nil
    ) {
        self.otherwise = otherwise
        self.gate = gate
        looked = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Sets what the next looks at a wait find, in order; the last stays.
    public func set(_ results: WaitResult..., for key: WaitKey) { state.withLock { $0.results[key] = results } }

    /// Asks for a look, as a probe does that was told something.
    public func wake(_ key: WaitKey) { state.withLock { $0.wakers[key] }?() }

    /// The keys of all looks so far, in order.
    public var looks: [WaitKey] { state.withLock { $0.looks } }

    /// The keys of the waits that were given up, in order.
    public var ended: [WaitKey] { state.withLock { $0.ended } }

    /// Most looks that were made at once.
    public var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

    /// The key of each look as it ends; for one consumer.
    public var endedLooks: AsyncStream<WaitKey> { looked.stream }

    /// Finds what is set.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        state.withLock { state in
            state.looks.append(request.key)
            state.wakers[request.key] = wake
            state.atOnce += 1
            state.mostAtOnce = max(state.mostAtOnce, state.atOnce)
        }
        await gate?()
        defer { looked.continuation.yield(request.key) }
        return state.withLock { state in
            state.atOnce -= 1
            guard var left = state.results[request.key], let next = left.first else { return otherwise }
            if left.count > 1 { left.removeFirst() }
            state.results[request.key] = left
            return next
        }
    }

    /// Forgets how to wake the wait.
    public func end(_ key: WaitKey) {
        state.withLock { state in
            state.wakers[key] = nil
            state.ended.append(key)
        }
    }
}

/// Facts about runs that a test sets.
public final class FakeRunFacts: RunFacts {
    private struct RunName: Hashable {
        var pipeline: PipelineID
        var step: StepID?
        var logicalDate: Timestamp?
    }

    private struct State {
        var runs: [RunName: RunFact] = [:]
        var datasets: [DatasetID: DatasetFact] = [:]
        var error: MartletError?
    }

    private let state = Mutex(State())

    /// No facts yet.
    public init() {}

    /// Sets where a run, or a step of it, stands; nil as the date means the latest run.
    public func set(_ fact: RunFact, pipeline: PipelineID, step: StepID? = nil, logicalDate: Timestamp? = nil) {
        state.withLock { $0.runs[RunName(pipeline: pipeline, step: step, logicalDate: logicalDate)] = fact }
    }

    /// Sets the last writing of a dataset.
    public func set(_ fact: DatasetFact, dataset: DatasetID) { state.withLock { $0.datasets[dataset] = fact } }

    /// Makes every question fail with `error`, or none any more.
    public func fail(with error: MartletError?) { state.withLock { $0.error = error } }

    /// The fact that was set.
    public func state(
        of pipeline: PipelineID,
        step: StepID?,
        logicalDate: Timestamp?
    ) async throws(MartletError) -> RunFact? {
        let (error, fact) = state.withLock { state in
            (state.error, state.runs[RunName(pipeline: pipeline, step: step, logicalDate: logicalDate)])
        }
        if let error { throw error }
        return fact
    }

    /// The fact that was set.
    public func lastWriting(of dataset: DatasetID) async throws(MartletError) -> DatasetFact? {
        let (error, fact) = state.withLock { ($0.error, $0.datasets[dataset]) }
        if let error { throw error }
        return fact
    }
}
