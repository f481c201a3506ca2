/// One kept task of a stage, small enough that millions fit in memory.
package struct TaskSample: Sendable, Equatable {
    /// Milliseconds from the application's start to the launch.
    package var launch: UInt32
    /// Milliseconds for which it held its slot.
    package var duration: UInt32
    /// Milliseconds in the task's own code.
    package var run: UInt32
    /// KiB read from shuffles, rounded up.
    package var shuffleRead: UInt32
    /// KiB read from files, rounded up.
    package var input: UInt32

    /// A task as it was measured.
    package init(launch: Int, duration: Int, run: Int, shuffleRead: Int = 0, input: Int = 0) {
        self.launch = UInt32(clamping: launch)
        self.duration = UInt32(clamping: duration)
        self.run = UInt32(clamping: run)
        self.shuffleRead = UInt32(clamping: (max(0, shuffleRead) + 1023) >> 10)
        self.input = UInt32(clamping: (max(0, input) + 1023) >> 10)
    }
}
