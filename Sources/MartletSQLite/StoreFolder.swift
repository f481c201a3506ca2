import Foundation

/// The folder that holds the database and the files SQLite keeps beside it.
struct StoreFolder {
    let path: String

    init(containing file: String) {
        let folder = (file as NSString).deletingLastPathComponent
        path = folder.isEmpty ? "." : folder
    }

    /// Makes the folder and those above it, where they are not there.
    func create() throws {
        if FileManager.default.fileExists(atPath: path) { return }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Runs `body` while no other process, and no other caller in this one, runs one for the same folder.
    ///
    /// The lock is on the folder itself, so that nothing stays behind, and ends with the process at the latest.
    func locked(_ body: () throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        // A folder that cannot be locked (some network file systems) is worked on without: SQLite's own locks still
        // keep the file whole, and the loser of a race reports an error instead of waiting.
        while descriptor >= 0, flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
        try body()
    }
}
