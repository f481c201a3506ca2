/// The middle and the extremes of a stage's tasks.
package struct TaskDistribution: Sendable, Equatable {
    /// Median duration in milliseconds.
    package var medianDuration = 0
    /// 95 of 100 tasks took no longer, in milliseconds.
    package var p95Duration = 0
    /// Median of the bytes read from shuffles.
    package var medianShuffleRead = 0
    /// Median of the bytes read from files.
    package var medianInput = 0

    /// The distribution of the kept tasks.
    package init(_ tasks: StageTasks) {
        guard !tasks.samples.isEmpty else { return }
        let durations = tasks.samples.map(\.duration).sorted()
        medianDuration = Int(durations[durations.count / 2])
        p95Duration = Int(durations[min(durations.count - 1, durations.count * 95 / 100)])
        let reads = tasks.samples.map(\.shuffleRead).sorted()
        medianShuffleRead = Int(reads[reads.count / 2]) << 10
        let inputs = tasks.samples.map(\.input).sorted()
        medianInput = Int(inputs[inputs.count / 2]) << 10
    }
}
