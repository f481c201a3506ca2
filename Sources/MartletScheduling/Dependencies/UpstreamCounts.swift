public import MartletCore

/// How the steps directly before a step have come out so far: a counter per outcome, so that a completion costs its
/// out-edges and never a scan.
public struct UpstreamCounts: Hashable, Sendable {
    /// How many steps stand directly before.
    public let total: Int
    /// How many ended in `success`.
    public private(set) var success = 0
    /// How many ended in `skipped`.
    public private(set) var skipped = 0
    /// How many ended in `failed` or `cancelled`.
    public private(set) var failed = 0
    /// How many ended in `upstream_failed`.
    public private(set) var upstreamFailed = 0
    /// Airflow's `removed`, which no state of Martlet's counts as: 0 outside tables and tests.
    public private(set) var removed = 0

    /// No outcome yet from any of `total` steps.
    public init(total: Int) { self.total = total }

    /// Counts with given outcomes, for tables and tests.
    public init(
        total: Int,
        success: Int = 0,
        skipped: Int = 0,
        failed: Int = 0,
        upstreamFailed: Int = 0,
        removed: Int = 0
    ) {
        self.total = total
        self.success = success
        self.skipped = skipped
        self.failed = failed
        self.upstreamFailed = upstreamFailed
        self.removed = removed
    }

    /// How many have ended.
    public var done: Int { success + skipped + failed + upstreamFailed + removed }

    /// Whether all have ended.
    public var isDone: Bool { done >= total }

    /// Counts a step that ended in `state`; a cancelled one as failed, one that has not ended not at all.
    public mutating func add(_ state: StepState) {
        switch state {
        case .success: success += 1
        case .skipped: skipped += 1
        case .failed, .cancelled: failed += 1
        case .upstreamFailed: upstreamFailed += 1
        case .none, .scheduled, .running, .upForRetry: break
        }
    }
}
