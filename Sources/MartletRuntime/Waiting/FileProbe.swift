public import MartletCore
import MartletScheduling

/// Looks for files, and is told by the kernel when they come.
public final class FileProbe: WaitProbe {
    /// Most searches of one look: each may find folders that were not watched while it ran.
    private static let searches = 5

    private let watcher = FileWatcher()
    private let time: any TimeSource

    /// A probe that tells by `time` whether files have settled.
    public init(time: any TimeSource) { self.time = time }

    /// How many folders are watched for all waits.
    public var watchedFolders: Int { watcher.count }

    /// Searches the file.
    public func probe(_ request: WaitRequest, wake: @escaping @Sendable () -> Void) async -> WaitResult {
        guard case .file(let wait) = request.subject else { return .misdirected(request) }
        // Other machines' file systems may not answer for long.
        return await withCheckedContinuation { continuation in
            let error = BlockingThread.start {
                continuation.resume(returning: self.look(wait, request, wake))
            }
            if error != 0 {
                let failure = MartletError(
                    .waitImpossible,
                    "step \(request.key.instance): no further thread can be made to look for a file",
                    reason: systemMessage(error),
                    remedy: "raise the limit on processes (ulimit -u)"
                )
                continuation.resume(returning: .failed(failure, retryable: true))
            }
        }
    }

    /// Watches nothing any more for this wait.
    public func end(_ key: WaitKey) { watcher.forget(key) }

    private func look(_ wait: FileWait, _ request: WaitRequest, _ wake: @escaping @Sendable () -> Void) -> WaitResult {
        var search = FileSearch(wait.path, root: request.context.project)
        // What came into a folder before it was watched is found by another search; more folders may be found by that.
        for _ in 1..<Self.searches {
            if isSatisfied(wait, search) || !watcher.watch(search.places, for: request.key, wake: wake) { break }
            search = FileSearch(wait.path, root: request.context.project)
        }
        if search.isCutShort {
            let failure = MartletError(
                .waitImpossible,
                "step \(request.key.instance) looks for \(wait.path), which reaches more than "
                    + "\(Limits.folderEntriesPerLook) files and folders",
                remedy: "name the folders before the first * of the pattern"
            )
            return .failed(failure, retryable: false)
        }
        let result = wait.result(of: search.files, at: time.now)
        if case .notYet(_, nil) = result, search.files.isEmpty, let folder = search.unreadable.first {
            let failure = MartletError(
                .waitImpossible,
                "step \(request.key.instance) looks for \(wait.path), but may not read a folder",
                reason: folder,
                remedy: "make it readable"
            )
            return .failed(failure, retryable: true)
        }
        return result
    }

    private func isSatisfied(_ wait: FileWait, _ search: FileSearch) -> Bool {
        if case .satisfied = wait.result(of: search.files, at: time.now) { true } else { search.isCutShort }
    }
}
