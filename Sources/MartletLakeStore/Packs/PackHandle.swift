internal import MartletCore
internal import Synchronization

/// A pack that is opened when it is needed: a large lake has thousands.
final class PackHandle: Sendable {
    let name: ObjectID
    let path: String
    private let state = Mutex<PackFile?>(nil)

    init(name: ObjectID, folder: String) {
        self.name = name
        path = PackFolder.path(of: name, in: folder)
    }

    /// The pack; nil when its file is gone.
    func opened() -> PackFile? {
        state.withLock { pack in
            if let pack { return pack }
            pack = PackFile(name: name, path: path)
            return pack
        }
    }
}
