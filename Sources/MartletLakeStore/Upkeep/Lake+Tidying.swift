internal import Foundation
internal import MartletCore
internal import MartletLake

extension Lake {
    /// Makes many small packs one, and the combined index anew when much is not in it.
    ///
    /// Small packs come in two sizes; when more than ``Limits/loosePacks`` of one size are there, they become one of the
    /// next. So an object is copied at most twice, however many small writes there are. What goes wrong is left for the
    /// next time: nothing depends on it.
    func tidy() {
        let set = objects.current
        let crowded = Self.smallSizes.contains { size in smallPacks(of: set, size).count > Limits.loosePacks }
        let isIndexOld = Self.needsIndex(set)
        guard crowded || isIndexOld else { return }
        _ = try? tidyAlone()
    }

    private func tidyAlone() throws(MartletError) {
        // Somebody else who tidies or collects is enough.
        guard let alone = try FileLock.take(repackLock, .exclusiveIfFree) else { return }
        defer { _ = alone }
        for size in Self.smallSizes {
            let small = smallPacks(of: objects.reload(), size)
            if small.count > Limits.loosePacks { try join(small) }
        }
        if Self.needsIndex(objects.reload()) {
            try CombinedIndex.build(over: objects.current, at: objects.combinedPath, in: objects.indexFolder)
            objects.reload()
        }
    }

    var repackLock: String { "\(folder)/repack.lock" }

    private static let smallSizes = [0..<(256 << 10), (256 << 10)..<(12 << 20)]

    private static func needsIndex(_ set: PackSet) -> Bool {
        if set.loose.count > 2 * Limits.loosePacks { return true }
        guard set.loose.count > 8 else { return false }
        let count = set.loose.reduce(0) { $0 + ($1.opened()?.index.count ?? 0) }
        return count > max(65_536, (set.combined?.count ?? 0) / 4)
    }

    private func smallPacks(of set: PackSet, _ size: Range<Int>) -> [PackFile] {
        guard set.packs.count > Limits.loosePacks else { return [] }
        return set.packs.values.compactMap { handle in
            // A look at the size opens no pack: a large lake has thousands.
            var info = stat()
            guard stat(handle.path, &info) == 0, size.contains(Int(info.st_size)), let pack = handle.opened(),
                !pack.isRecovered
            else { return nil }
            return pack
        }
    }

    /// Replaces packs by new ones with the same objects.
    ///
    /// Nobody misses anything meanwhile: the new packs are there, synced, before the old ones go; who has an old one mapped
    /// goes on reading it, who looks for it again finds the new one.
    private func join(_ packs: [PackFile]) throws(MartletError) {
        var copier = RecordCopier(into: packFolder)
        let scratch = ObjectScratch()
        var copied: [PackFile] = []
        for pack in packs.sorted(by: { $0.name < $1.name }) {
            var isWhole = true
            for position in 0..<pack.index.count where isWhole {
                isWhole = try copier.copy(pack.index.record(at: position), from: pack, scratch)
            }
            // One that is damaged stays as it is, for `verify` to name.
            if isWhole { copied.append(pack) }
        }
        try copier.finish()
        for pack in copied where !copier.packs.contains(pack.name) { unlink(pack.path) }
        objects.reload()
    }
}
