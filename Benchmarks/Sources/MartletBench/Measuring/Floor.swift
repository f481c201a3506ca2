import Glibc

/// The least the machine could do for the same work: bare `posix_spawn` and wait, with no thought between.
enum Floor {
    /// Runs `command` `count` times, one after the other.
    static func chain(_ command: SpawnCommand, count: Int) throws(BenchProblem) -> Sample {
        try measured { () throws(BenchProblem) in
            for _ in 0..<count {
                var status: Int32 = 0
                let child = try command.spawn()
                while waitpid(child, &status, 0) == -1, errno == EINTR {}
            }
        }
    }

    /// Runs `command` once, then `width` times with `slots` at a time, then once more.
    static func fan(_ command: SpawnCommand, width: Int, slots: Int) throws(BenchProblem) -> Sample {
        try measured { () throws(BenchProblem) in
            for count in [1, width, 1] { try batch(command, count: count, slots: slots) }
        }
    }

    /// Runs `command`, reads all that it prints, and drops it.
    static func reading(_ command: SpawnCommand) throws(BenchProblem) -> Sample {
        try measured { () throws(BenchProblem) in
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                throw BenchProblem("no pipe: \(String(cString: strerror(errno)))", remedy: "raise `ulimit -n`")
            }
            // Else the child would hold its own output open.
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
            defer { close(ends[0]) }
            let child: pid_t
            do {
                defer { close(ends[1]) }
                child = try command.spawn(&actions)
            }
            withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
                while read(ends[0], buffer.baseAddress, buffer.count) > 0 {}
            }
            var status: Int32 = 0
            while waitpid(child, &status, 0) == -1, errno == EINTR {}
        }
    }

    private static func batch(_ command: SpawnCommand, count: Int, slots: Int) throws(BenchProblem) {
        var started = 0
        var ended = 0
        var status: Int32 = 0
        while ended < count {
            while started < count, started - ended < slots {
                _ = try command.spawn()
                started += 1
            }
            // This process has no other children.
            if waitpid(-1, &status, 0) > 0 { ended += 1 }
        }
    }

    private static func measured(_ body: () throws(BenchProblem) -> Void) throws(BenchProblem) -> Sample {
        let clock = ContinuousClock()
        let cpu = MeasuredProcess.read(CLOCK_PROCESS_CPUTIME_ID)
        let began = clock.now
        try body()
        let wall = began.duration(to: clock.now)
        return Sample(wall: wall, ownCPU: MeasuredProcess.read(CLOCK_PROCESS_CPUTIME_ID) - cpu)
    }
}
