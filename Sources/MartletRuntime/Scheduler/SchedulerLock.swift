import Glibc
import MartletCore

/// The one scheduler of a project.
enum SchedulerLock {
    static func path(_ layout: ProjectLayout) -> String { "\(layout.state)/up.lock" }

    /// What holds the lock, and for how long.
    enum Role: String {
        /// A scheduler, until it is stopped.
        case up
        /// A command that answers one request itself.
        case request
    }

    /// Longest wait for commands that hold the lock for a moment.
    private static let patience: Duration = .seconds(10)

    /// - Throws: ``MartletError`` MT2021 that names the holder, at once when that is another scheduler.
    static func take(_ layout: ProjectLayout, as role: Role) async throws(MartletError) -> FileLock {
        try FileSystem.makeFolder(layout.state)
        let end = ContinuousClock.now + patience
        while true {
            if let lock = try FileLock.take(path(layout), as: role.rawValue) { return lock }
            // One that has ended may have left its note to a command that looks whether there is a scheduler.
            let note = FileLock.note(path(layout))
            let isScheduler = note.map { $0.role == Role.up.rawValue && kill($0.pid, 0) == 0 } ?? false
            if isScheduler || Task.isCancelled || ContinuousClock.now >= end { break }
            try? await Task.sleep(for: .milliseconds(5))
        }
        let pid = FileLock.holder(path(layout)).pid
        throw MartletError(
            .schedulerHeld,
            "martlet up runs already for the project in \(layout.root)\(pid.map { ", as process \($0)" } ?? "")",
            reason: "one process runs the schedules of a project",
            remedy: pid.map { "use that one, or stop it first: kill \($0)" } ?? "use that one, or stop it first"
        )
    }

    /// Whether a scheduler runs for the project.
    static func isHeld(_ layout: ProjectLayout) -> Bool { FileLock.holder(path(layout)).isHeld }
}
