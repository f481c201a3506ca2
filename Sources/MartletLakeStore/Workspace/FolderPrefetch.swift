internal import Dispatch
internal import Synchronization

/// A folder that is being listed on another thread while the one before it is looked through.
final class FolderPrefetch: Sendable {
    /// The open folder, which the taker closes.
    let descriptor: Int32
    private let ready = DispatchSemaphore(value: 0)
    private let result = Mutex<Result<FolderListing, SystemFault>?>(nil)

    /// Starts to list the folder that is open as `descriptor`.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        DispatchQueue.global().async {
            let listing = FolderListing.read(descriptor)
            self.result.withLock { $0 = listing }
            self.ready.signal()
        }
    }

    /// Waits for the listing; to be called once.
    func take() -> Result<FolderListing, SystemFault> {
        ready.wait()
        return result.withLock { result in
            defer { result = nil }
            return result ?? .failure(SystemFault(number: 0))
        }
    }
}
