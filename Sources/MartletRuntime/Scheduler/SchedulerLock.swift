import MartletCore

/// The one scheduler of a project.
enum SchedulerLock {
    static func path(_ layout: ProjectLayout) -> String { "\(layout.state)/up.lock" }

    /// - Throws: ``MartletError`` MT2021 that names the holder.
    static func take(_ layout: ProjectLayout) throws(MartletError) -> FileLock {
        try FileSystem.makeFolder(layout.state)
        if let lock = try FileLock.take(path(layout)) { return lock }
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
