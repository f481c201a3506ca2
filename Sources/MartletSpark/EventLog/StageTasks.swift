internal import MartletCore

/// What is known of the tasks of one attempt of a stage: exact sums and extremes, and a bounded number of task times.
package struct StageTasks: Sendable, Equatable {
    /// Tasks that ended, failed and killed ones too.
    package var count = 0
    /// Tasks that failed.
    package var failed = 0
    /// Tasks that were killed, such as the slower copy of a speculative one.
    package var killed = 0
    /// Copies started by speculation.
    package var speculative = 0
    /// Why tasks failed, and how often.
    package var failures: [String: Int] = [:]
    /// Sums over all tasks.
    package var totals = TaskTotals()
    /// Tasks that spilled to disk.
    package var spilling = 0
    /// Longest duration, in milliseconds.
    package var longest = 0
    /// Most bytes one task read from shuffles.
    package var largestShuffleRead = 0
    /// Most bytes one task read from files.
    package var largestInput = 0
    /// Most execution memory of one task, in bytes.
    package var peakExecutionMemory = 0
    /// When the first task was launched, in milliseconds since 1970.
    package var firstLaunch: Int?
    /// When the last task finished, in milliseconds since 1970.
    package var lastFinish: Int?
    /// When the last task gave its slot free, in milliseconds since 1970: fetching a result takes none.
    package var lastRelease: Int?
    /// Kept tasks, in the order in which they ended; each stands for ``stride`` tasks.
    package var samples: [TaskSample] = []
    /// How many tasks a kept one stands for.
    package var stride = 1

    /// No tasks yet.
    package init() {}

    /// Adds a task.
    ///
    /// - Parameters:
    ///   - task: the task.
    ///   - origin: the application's start, in milliseconds since 1970.
    /// - Returns: by how much the number of kept tasks has changed.
    mutating func add(_ task: TaskEndLine, origin: Int) -> Int {
        count += 1
        if task.isKilled { killed += 1 } else if task.isFailed { failed += 1 }
        if task.isSpeculative { speculative += 1 }
        if let reason = task.reason, !task.isKilled {
            if failures[reason] != nil || failures.count < Limits.sparkFailureKinds {
                failures[reason, default: 0] += 1
            }
        }
        totals.add(task)
        if task.diskSpilled > 0 { spilling += 1 }
        longest = max(longest, task.duration)
        largestShuffleRead = max(largestShuffleRead, task.shuffleReadBytes)
        largestInput = max(largestInput, task.inputBytes)
        peakExecutionMemory = max(peakExecutionMemory, task.peakExecutionMemory)
        guard task.launch > 0, task.finish >= task.launch else { return 0 }
        firstLaunch = min(firstLaunch ?? .max, task.launch)
        lastFinish = max(lastFinish ?? 0, task.finish)
        lastRelease = max(lastRelease ?? 0, task.launch + task.slotTime)
        guard (count - 1) % stride == 0 else { return 0 }
        let before = samples.count
        samples.append(
            TaskSample(
                launch: task.launch &- origin,
                duration: task.slotTime,
                run: task.runTime,
                shuffleRead: task.shuffleReadBytes,
                input: task.inputBytes
            )
        )
        if samples.count > Limits.sparkStageTaskSamples { thin() }
        return samples.count - before
    }

    /// Keeps every second of the kept tasks.
    mutating func thin() {
        var index = 0
        samples.removeAll { _ in
            index += 1
            return index % 2 == 0
        }
        stride *= 2
    }
}
