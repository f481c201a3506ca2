import Foundation

/// A folder for the time of measuring.
struct ScratchFolder {
    let path: String

    /// Makes a folder of its own in `parent`.
    ///
    /// - Throws: ``BenchProblem`` when that fails.
    static func make(in parent: String) throws(BenchProblem) -> ScratchFolder {
        let base = URL(fileURLWithPath: parent).standardizedFileURL.path
        let folder = ScratchFolder(path: "\(base)/.martlet-bench-\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        } catch {
            throw BenchProblem("cannot make a folder in \(base)", remedy: "choose another place with --scratch")
        }
        return folder
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
