/// What one process, or one loop of processes, took.
struct Sample {
    /// From just before the start to just after the end.
    var wall: Duration
    /// Time on the processors, user and system, of the process alone, without its children.
    var ownCPU: Duration
    /// Peak resident memory in bytes, as ``MeasuredProcess`` finds it; 0 for a loop of this process.
    var peakMemory = 0
    /// Whatever else was taken.
    var figures: [Figure: Double] = [:]
}

/// Something that only some benchmarks take.
enum Figure: Hashable {
    /// From the end of a step to the start of the next: half of them are no longer.
    case gapMedian
    /// The same: 99 of 100 are no longer.
    case gapMost
    /// From the instant a run was due to the start of its step.
    case lagMedian
    case lagMost
    /// From the start of the first step to the end of the last.
    case span
    /// Processor time of Martlet itself for each step.
    case cpuPerStep
    /// Processor time of Martlet itself over wall time.
    case load
    /// Resident memory now, and its parts.
    case resident
    case residentOwn
    case residentFiles
}
