import Glibc
import MartletCore
import MartletRuntime

/// Stops the process of a run that a command executes.
enum RunSignal {
    /// Asks the process that holds the run's lock to end it.
    ///
    /// - Throws: ``MartletError`` `refusal` when there is no such process, or it may not be asked.
    static func stop(_ run: RunID, _ layout: ProjectLayout, _ refusal: MartletError) throws(MartletError) {
        let holder = FileLock.holder(RunLayout(layout, run).lock)
        guard holder.isHeld, let pid = holder.pid, pid > 1, kill(pid_t(pid), SIGTERM) == 0 else { throw refusal }
    }
}
