/// What one process, or one loop of processes, took.
struct Sample {
    /// From just before the start to just after the end.
    var wall: Duration
    /// Time on the processors, user and system, of the process alone, without its children.
    var ownCPU: Duration
    /// Peak resident memory in bytes, as ``MeasuredProcess`` finds it; 0 for a loop of this process.
    var peakMemory = 0
}
