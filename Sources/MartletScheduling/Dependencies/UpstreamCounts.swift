public import MartletCore

/// How the steps directly before a step have come out so far: a counter per outcome, so that a completion costs its
/// out-edges and never a scan.
public struct UpstreamCounts: Hashable, Sendable {
    /// How many instances of steps stand directly before.
    public internal(set) var total: Int
    /// How many ended in `success`.
    public private(set) var success = 0
    /// How many ended in `skipped`.
    public private(set) var skipped = 0
    /// How many ended in `failed` or `cancelled`.
    public private(set) var failed = 0
    /// How many ended in `upstream_failed`.
    public private(set) var upstreamFailed = 0
    /// How many were removed.
    public private(set) var removed = 0
    /// How many of all are instances of setups.
    public internal(set) var setups = 0
    /// How many setups ended in `success`.
    public private(set) var setupsSucceeded = 0
    /// How many setups ended in `skipped`.
    public private(set) var setupsSkipped = 0

    /// No outcome yet from any of `total` steps.
    public init(total: Int) { self.total = total }

    /// Counts with given outcomes, for tables and tests.
    public init(
        total: Int,
        success: Int = 0,
        skipped: Int = 0,
        failed: Int = 0,
        upstreamFailed: Int = 0,
        removed: Int = 0,
        setups: Int = 0,
        setupsSucceeded: Int = 0,
        setupsSkipped: Int = 0
    ) {
        self.total = total
        self.success = success
        self.skipped = skipped
        self.failed = failed
        self.upstreamFailed = upstreamFailed
        self.removed = removed
        self.setups = setups
        self.setupsSucceeded = setupsSucceeded
        self.setupsSkipped = setupsSkipped
    }

    /// How many have ended.
    public var done: Int { success + skipped + failed + upstreamFailed + removed }

    /// Whether all have ended.
    public var isDone: Bool { done >= total }

    /// Counts an instance that ended in `state`; a cancelled one as failed, one that has not ended not at all.
    public mutating func add(_ state: StepState, isSetup: Bool = false) { count(state, isSetup, 1) }

    /// Takes back what ``add(_:isSetup:)`` counted, of an instance that runs again or was given another state.
    public mutating func remove(_ state: StepState, isSetup: Bool = false) { count(state, isSetup, -1) }

    private mutating func count(_ state: StepState, _ isSetup: Bool, _ number: Int) {
        switch state {
        case .success:
            success += number
            if isSetup { setupsSucceeded += number }
        case .skipped:
            skipped += number
            if isSetup { setupsSkipped += number }
        case .failed, .cancelled: failed += number
        case .upstreamFailed: upstreamFailed += number
        case .removed: removed += number
        case .none, .scheduled, .running, .upForRetry, .deferred, .awaitingInput, .restarting: break
        }
    }

    /// The sum of two counts.
    static func + (left: UpstreamCounts, right: UpstreamCounts) -> UpstreamCounts {
        UpstreamCounts(
            total: left.total + right.total,
            success: left.success + right.success,
            skipped: left.skipped + right.skipped,
            failed: left.failed + right.failed,
            upstreamFailed: left.upstreamFailed + right.upstreamFailed,
            removed: left.removed + right.removed,
            setups: left.setups + right.setups,
            setupsSucceeded: left.setupsSucceeded + right.setupsSucceeded,
            setupsSkipped: left.setupsSkipped + right.setupsSkipped
        )
    }
}
