/// From where on something is a finding; sizes in bytes, times in milliseconds, shares from 0 to 1.
///
/// Where a value has another source than experience, it is said: Spark's own defaults, Dr. Elephant, Sparklens and
/// DataFlint.
package struct AdviceThresholds: Sendable, Equatable {
    /// A task this many times the median is skewed (Spark's `skewedPartitionFactor`).
    package var skewFactor = 5.0
    /// A skewed task reads at least so much (Spark's `skewedPartitionThresholdInBytes`).
    package var skewBytes = 256 << 20
    /// Or it runs at least so long.
    package var skewTime = 30_000
    /// A good size of a partition of a shuffle.
    package var partitionBytes = 128 << 20
    /// Spilled bytes per byte read, from where on spilling is more than a note (from Dr Elephant).
    package var spillShare = 0.05
    /// Share of the run time in garbage collection (from Dr Elephant).
    package var gcShare = 0.10
    /// Least time in garbage collection that is worth a word.
    package var gcTime = 10_000
    /// Less than this share of garbage collection, with half of the heap unused, is too much heap.
    package var gcIdleShare = 0.01
    /// Memory in use, as a share of the container, from where on it is too small (DataFlint).
    package var memoryFull = 0.95
    /// Memory in use, as a share of the container, below which it is too large (DataFlint).
    package var memoryEmpty = 0.70
    /// Shortest application whose memory is judged.
    package var memoryTime = 120_000
    /// More tasks of one stage than this, if they are short (DataFlint).
    package var manyTasks = 5000
    /// What a short task is.
    package var shortTask = 500
    /// Share of the run time that is lost to starting tasks.
    package var taskOverhead = 0.10
    /// Fewest tasks of a stage whose starts are judged.
    package var overheadTasks = 100
    /// A stage has too few tasks when there are fewer than this for each slot.
    package var tasksPerSlot = 2.0
    /// Least time and least share of the application that a stage with few tasks must take.
    package var fewTasksTime = 20_000
    /// As above, as a share.
    package var fewTasksShare = 0.10
    /// Most bytes of files one task should read.
    package var giantInput = 1 << 30
    /// Files smaller than this on average are small.
    package var smallFile = 32 << 20
    /// Fewest files that are judged.
    package var smallFiles = 32
    /// Share of the slots' time that is unused.
    package var idleShare = 0.50
    /// Shortest application whose idle slots are judged, and fewest slots.
    package var idleTime = 60_000
    /// As above.
    package var idleSlots = 4
    /// Least size of the larger side of a join that is worth a broadcast of the smaller one.
    package var broadcastLarge = 1 << 20
    /// Share of the time with no running task, after the first job was submitted.
    package var driverShare = 0.30
    /// Least time with no running task.
    package var driverTime = 20_000
    /// Pairs of rows that a cross join may compare unnoticed.
    package var crossPairs = 1_000_000
    /// Share of the run time in stages with Python.
    package var pythonShare = 0.25
    /// Least run time in stages with Python.
    package var pythonTime = 5000
    /// Results of one stage sent to the driver.
    package var resultBytes = 100 << 20

    /// The usual thresholds.
    package init() {}
}
