/// How the runs of a pipeline are run: how many at once, how long, and who is told.
///
/// ```swift
/// Pipeline("churn", runs: [.maxActive(1), .timeout(.seconds(7200)), .failFast, .notifyOnFailure("on-call")]) { p in
/// ```
public struct RunOption: Sendable {
    private let change: @Sendable (inout PipelinePolicy) -> Void

    private init(_ change: @escaping @Sendable (inout PipelinePolicy) -> Void) { self.change = change }

    func apply(to policy: inout PipelinePolicy) { change(&policy) }
}

extension RunOption {
    /// Lets so many runs be active at once, instead of 16; backfills are counted apart.
    public static func maxActive(_ count: Int) -> Self { Self { $0.maxActiveRuns = count } }

    /// Lets so many instances of steps run at once, over all runs.
    public static func maxActiveSteps(_ count: Int) -> Self { Self { $0.maxActiveSteps = count } }

    /// Fails a run that takes longer, and skips what has not ended.
    public static func timeout(_ duration: Duration) -> Self { Self { $0.runTimeoutSeconds = duration.seconds } }

    /// Ends a run with its first failed step.
    public static var failFast: Self { Self { $0.failFast = true } }

    /// Starts nothing by itself until someone unpauses the pipeline.
    public static var startsPaused: Self { Self { $0.startsPaused = true } }

    /// Pauses the pipeline after so many failed runs in a row.
    public static func pauses(afterFailures count: Int) -> Self { Self { $0.maxConsecutiveFailures = count } }

    /// Lets a run that is cleared go on with the pipeline as it is then, not as it was.
    public static var rerunsWithLatestVersion: Self { Self { $0.rerunsWithLatest = true } }

    /// Tells these notifiers when a run fails.
    public static func notifyOnFailure(_ notifiers: String...) -> Self { Self { $0.notifyOnFailure += notifiers } }

    /// Tells notifiers when a run is not done in time; with none, only the log.
    ///
    /// - Parameters:
    ///   - duration: the time allowed.
    ///   - start: what it is counted from.
    ///   - notifiers: who is told.
    /// - Returns: the option; a pipeline may have several of them.
    public static func deadline(
        _ duration: Duration,
        after start: DeadlineStart = .runStart,
        notify notifiers: String...
    ) -> Self {
        let from: DeadlineSpec.Reference =
            switch start {
            case .schedule: .schedule
            case .queued: .queued
            case .runStart: .runStart
            }
        return deadline(DeadlineSpec(from: from, withinSeconds: duration.seconds, notify: notifiers))
    }

    /// Tells notifiers when a run is not done at `instant`.
    public static func deadline(at instant: Timestamp, notify notifiers: String...) -> Self {
        deadline(DeadlineSpec(from: .instant, withinSeconds: 0, at: instant, notify: notifiers))
    }

    /// Tells notifiers when a run takes longer than others did.
    ///
    /// - Parameters:
    ///   - runs: how many successful runs the average is made of.
    ///   - minimum: with fewer there is no average yet, and no deadline.
    ///   - grace: how much longer it may take.
    ///   - notifiers: who is told.
    /// - Returns: the option.
    public static func deadline(
        afterAverageOf runs: Int,
        atLeast minimum: Int = 3,
        plus grace: Duration = .zero,
        notify notifiers: String...
    ) -> Self {
        deadline(
            DeadlineSpec(
                from: .average,
                withinSeconds: grace.seconds,
                runs: runs,
                minimumRuns: min(minimum, runs),
                notify: notifiers
            )
        )
    }

    private static func deadline(_ spec: DeadlineSpec) -> Self { Self { $0.deadlines.append(spec) } }
}

/// What the time of a deadline is counted from.
public enum DeadlineStart: Hashable, Sendable, CaseIterable {
    /// When the run was to start by its schedule.
    case schedule
    /// When the run was created, or cleared last.
    case queued
    /// When the run started.
    case runStart
}
