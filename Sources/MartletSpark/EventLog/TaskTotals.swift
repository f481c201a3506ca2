/// Sums over the tasks of a stage or executor; times in milliseconds and sizes in bytes where nothing else is said.
package struct TaskTotals: Sendable, Equatable, Codable {
    /// Time in the task's own code.
    package var runTime = 0
    /// Processor time, in nanoseconds.
    package var cpuTimeNanoseconds = 0
    /// Time the JVM spent collecting garbage while tasks ran.
    package var gcTime = 0
    /// Time to load the task on the executor.
    package var deserializeTime = 0
    /// Time between launch and finish that is none of the others.
    package var schedulerDelay = 0
    /// Time to serialise results.
    package var resultSerializationTime = 0
    /// Time to fetch results to the driver.
    package var gettingResultTime = 0
    /// Time between launch and finish.
    package var duration = 0
    /// Size of the results sent to the driver.
    package var resultBytes = 0
    /// Size in memory of what was spilled.
    package var memorySpilled = 0
    /// Size on disk of what was spilled.
    package var diskSpilled = 0
    /// Bytes read from files.
    package var inputBytes = 0
    /// Rows read from files.
    package var inputRecords = 0
    /// Bytes written to files.
    package var outputBytes = 0
    /// Rows written to files.
    package var outputRecords = 0
    /// Bytes read from shuffles.
    package var shuffleReadBytes = 0
    /// Rows read from shuffles.
    package var shuffleReadRecords = 0
    /// Time tasks waited for blocks of a shuffle.
    package var fetchWaitTime = 0
    /// Bytes written to shuffles.
    package var shuffleWriteBytes = 0
    /// Rows written to shuffles.
    package var shuffleWriteRecords = 0

    /// All zero.
    package init() {}

    /// Adds one task; sums end at a bound.
    mutating func add(_ task: TaskEndLine) {
        runTime.add(bounded: task.runTime)
        cpuTimeNanoseconds.add(bounded: task.cpuTime)
        gcTime.add(bounded: task.gcTime)
        deserializeTime.add(bounded: task.deserializeTime)
        schedulerDelay.add(bounded: task.schedulerDelay)
        resultSerializationTime.add(bounded: task.resultSerializationTime)
        gettingResultTime.add(bounded: task.gettingResultDuration)
        duration.add(bounded: task.duration)
        resultBytes.add(bounded: task.resultSize)
        memorySpilled.add(bounded: task.memorySpilled)
        diskSpilled.add(bounded: task.diskSpilled)
        inputBytes.add(bounded: task.inputBytes)
        inputRecords.add(bounded: task.inputRecords)
        outputBytes.add(bounded: task.outputBytes)
        outputRecords.add(bounded: task.outputRecords)
        shuffleReadBytes.add(bounded: task.shuffleReadBytes)
        shuffleReadRecords.add(bounded: task.shuffleReadRecords)
        fetchWaitTime.add(bounded: task.fetchWaitTime)
        shuffleWriteBytes.add(bounded: task.shuffleWriteBytes)
        shuffleWriteRecords.add(bounded: task.shuffleWriteRecords)
    }
}
