internal import Foundation
internal import MartletCore
internal import Synchronization

// Objects that `verify` found damaged are noted in `index/damaged`, so that a file that is added again is stored again.
extension PackStore {
    var damagedPath: String { "\(indexFolder)/damaged" }

    /// Whether the last verification found the object damaged.
    func isKnownDamaged(_ id: ObjectID) -> Bool { damaged.withLock { $0.contains(id) } }

    /// Notes what a verification found.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    func note(damaged ids: Set<ObjectID>) throws(MartletError) {
        damaged.withLock { $0 = ids }
        if ids.isEmpty {
            unlink(damagedPath)
        } else {
            let text = ids.sorted().map { "\($0.hex)\n" }.joined()
            try Folder.replace(damagedPath, with: Array(text.utf8), syncing: indexFolder)
        }
    }

    static func damagedIDs(_ path: String) -> Set<ObjectID> {
        guard let bytes = try? Folder.read(path) else { return [] }
        return Set(bytes.split(separator: 0x0a).compactMap { ObjectID(hex: String(decoding: $0, as: UTF8.self)) })
    }
}
