internal import Foundation
internal import MartletCore
internal import MartletLake

extension Lake {
    /// Whether every object of an index is here and whole, as far as is known; then they stay for the grace period.
    func has(all index: PackIndex) throws(MartletError) -> Bool {
        var relied: Set<ObjectID> = []
        for position in 0..<index.count {
            let id = index.id(at: position)
            guard let place = objects.current.find(id), !objects.isKnownDamaged(id) else { return false }
            if !relied.contains(place.pack.name) {
                guard utimensat(AT_FDCWD, place.pack.path, nil, 0) == 0 else { return false }
                relied.insert(place.pack.name)
            }
        }
        return true
    }

    /// Takes a pack from another copy into this lake, if every object in it is what its id says.
    ///
    /// - Returns: false when it is damaged.
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    func takeIn(_ name: ObjectID, from path: String) throws(MartletError) -> Bool {
        guard let pack = PackFile(name: name, path: path), !pack.isRecovered, pack.index.matches(name) else {
            return false
        }
        let scratch = ObjectScratch()
        for position in 0..<pack.index.count {
            let record = pack.index.record(at: position)
            guard let stored = pack.stored(record), scratch.unpacked(record, stored) != nil else { return false }
        }
        let target = PackFolder.path(of: name, in: packFolder)
        // Its time says when it came here.
        utimensat(AT_FDCWD, path, nil, 0)
        if rename(path, target) != 0 { throw Failure.writing(target, errno) }
        objects.add(name)
        return true
    }
}
