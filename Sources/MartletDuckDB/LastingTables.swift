import Foundation
import Synchronization

/// Tables of a process that ends when it is done with them.
///
/// To free all that a database holds takes longer than the end of the process, which does it anyway.
enum LastingTables {
    private struct Kept {
        var sessions: [DuckDBTableSession] = []
        var folders: [String] = []
    }

    private static let kept = Mutex(Kept())

    /// Keeps `session` until the process ends, and removes `folder`, its temporary one, then.
    static func keep(_ session: DuckDBTableSession, folder: String?) {
        let isFirst = kept.withLock { kept in
            kept.sessions.append(session)
            if let folder { kept.folders.append(folder) }
            return kept.sessions.count == 1
        }
        if isFirst { atexit { LastingTables.removeFolders() } }
    }

    private static func removeFolders() {
        for folder in kept.withLock(\.folders) { try? FileManager.default.removeItem(atPath: folder) }
    }
}
