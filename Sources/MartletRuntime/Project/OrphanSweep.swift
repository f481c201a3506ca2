import Glibc
public import MartletCore

/// Ends processes of a run whose executor was killed: they still work, but no one listens to them any more.
public enum OrphanSweep {
    /// Ends every process that carries `run` in its environment; returns how many there were.
    ///
    /// Only for a run whose lock the caller holds. The environment is read from /proc, where it stays as it was when
    /// the process started, and only for processes of the same user.
    public static func end(_ run: RunID) -> Int {
        let mark = Array("MARTLET_RUN_ID=\(run)\0".utf8)
        let mine = getpid()
        let found = ProcessTable.processes().filter { $0 != mine && environment(of: $0).firstRange(of: mark) != nil }
        for process in found {
            kill(process, SIGKILL)
            kill(process, SIGCONT)
        }
        return found.count
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
