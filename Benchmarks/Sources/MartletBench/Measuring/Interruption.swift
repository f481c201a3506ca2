import Glibc
import Synchronization

/// Whether someone wants the measuring to stop: SIGINT or SIGTERM.
///
/// The scratch folder is removed then, and no measured process stays behind.
enum Interruption {
    private static let isAsked = Atomic(false)

    /// Begins to watch.
    static func watch() {
        // A signal handler may touch nothing that is still to be made.
        _ = isAsked.load(ordering: .relaxed)
        var action = sigaction()
        // Without SA_RESTART, so that a wait for a process ends.
        action.__sigaction_handler.sa_handler = { _ in Interruption.isAsked.store(true, ordering: .relaxed) }
        for signal in [SIGINT, SIGTERM] { sigaction(signal, &action, nil) }
    }

    /// - Throws: ``BenchProblem`` once it is asked for.
    static func check() throws(BenchProblem) {
        if isAsked.load(ordering: .relaxed) { throw BenchProblem("interrupted", remedy: "nothing; measure again") }
    }

    /// Waits for `child` without reaping it; passes an interruption on to it.
    static func waitForEnd(of child: pid_t) {
        var end = siginfo_t()
        while waitid(P_PID, id_t(child), &end, WEXITED | WNOWAIT) == -1, errno == EINTR {
            if isAsked.load(ordering: .relaxed) { kill(child, SIGTERM) }
        }
    }
}
