import Glibc
public import MartletCore

/// Ends processes of a run whose executor was killed: they still work, but no one listens to them any more.
public enum OrphanSweep {
    /// Most looks at the process table; one that forks without end could hide for ever.
    private static let scans = 20

    /// Ends every process that carries `run` in its environment.
    ///
    /// Only for a run whose lock the caller holds. The environment is read from /proc, where it stays as it was when
    /// the process started, and only for processes of the same user. Looks again until none is left, because a process
    /// may fork between the look and the signal.
    public static func end(_ run: RunID) {
        let mark = Array("MARTLET_RUN_ID=\(run)\0".utf8)
        let mine = getpid()
        for _ in 0..<scans {
            let found = ProcessTable.processes()
                .filter { $0 != mine && environment(of: $0).firstRange(of: mark) != nil }
            if found.isEmpty { return }
            // Stopped first, so that none forks while the others are being ended.
            for process in found { kill(process, SIGSTOP) }
            for process in found { kill(process, SIGKILL) }
            usleep(2_000)
        }
    }

    private static func environment(of process: pid_t) -> [UInt8] {
        guard let file = OwnedDescriptor(open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)) else { return [] }
        var bytes: [UInt8] = []
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            while bytes.count < 4 << 20, let count = file.read(into: buffer), count > 0 {
                bytes.append(contentsOf: buffer[..<count])
            }
        }
        return bytes
    }
}
