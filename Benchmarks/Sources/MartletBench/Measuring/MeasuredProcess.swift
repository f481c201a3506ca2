import Glibc

/// One process from its start to its end, measured from outside.
struct MeasuredProcess {
    let command: SpawnCommand
    let directory: String
    /// Files for what it prints.
    let output: String
    let complaints: String

    /// Runs it to its end.
    ///
    /// - Returns: What it took, and its exit code; a signal's number counts from 128 as in a shell.
    /// - Throws: ``BenchProblem`` when it cannot be started.
    func run() throws(BenchProblem) -> (sample: Sample, exitCode: Int) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let mode = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, mode, 0o644)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, complaints, mode, 0o644)

        // The file action that changes the child's folder is not POSIX, and not in Swift's Glibc.
        let home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer {
            fchdir(home)
            close(home)
        }
        if chdir(directory) != 0 { throw BenchProblem("cannot enter \(directory)", remedy: "check --scratch") }

        let clock = ContinuousClock()
        let began = clock.now
        let child = try command.spawn(&actions)
        // Not reaped yet, it has no memory any more but still its clock.
        Interruption.waitForEnd(of: child)
        let wall = began.duration(to: clock.now)
        let cpu = Self.ownCPU(of: child)
        var status: Int32 = 0
        var usage = rusage()
        while wait4(child, &status, 0, &usage) == -1, errno == EINTR {}
        let signal = Int(status & 0x7f)
        let sample = Sample(wall: wall, ownCPU: cpu, peakMemory: Self.peakMemory(usage))
        return (sample, signal == 0 ? Int(status >> 8 & 0xff) : 128 + signal)
    }

    /// The peak resident memory that wait4(2) tells of, in bytes.
    ///
    /// Linux counts in more than the process itself: the largest child that it waited for, and the process that
    /// spawned it, this one. Both are smaller than `martlet` here, so the number is its own peak, up to the very end,
    /// which reading VmHWM from /proc now and then would miss. Where they are not, the number is too high. The kernel
    /// counts pages per processor and adds them up now and then, so a percent is within its accuracy.
    private static func peakMemory(_ usage: rusage) -> Int { usage.ru_maxrss * 1024 }

    /// The clock of a process counts all of its threads and none of its children, to the nanosecond; what wait4(2)
    /// tells includes the children.
    private static func ownCPU(of process: pid_t) -> Duration {
        var clock = clockid_t()
        guard clock_getcpuclockid(process, &clock) == 0 else { return .zero }
        return read(clock)
    }

    /// The time on a POSIX clock.
    static func read(_ clock: clockid_t) -> Duration {
        var value = timespec()
        clock_gettime(clock, &value)
        return .seconds(value.tv_sec) + .nanoseconds(value.tv_nsec)
    }
}
