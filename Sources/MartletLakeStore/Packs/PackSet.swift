internal import MartletCore
internal import MartletLake

/// The packs of a lake at one moment; never changes.
final class PackSet: Sendable {
    /// Every pack in the folder.
    let packs: [ObjectID: PackHandle]
    /// The index over many packs; nil when there is none.
    let combined: CombinedIndex?
    /// The packs that the combined index numbers; nil where one is gone.
    private let numbered: [PackHandle?]
    /// The packs that the combined index does not cover, newest last.
    let loose: [PackHandle]

    /// These packs, with an index over some of them.
    init(packs: [ObjectID: PackHandle], loose order: [ObjectID], combined: CombinedIndex?) {
        self.packs = packs
        self.combined = combined
        let names = combined?.packs ?? []
        numbered = names.map { packs[$0] }
        let covered = Set(names)
        loose = order.compactMap { covered.contains($0) ? nil : packs[$0] }
    }

    /// Where an object is.
    struct Location {
        var pack: PackFile
        var position: Int
    }

    /// Where an object is; nil when no pack of this set is known to have it.
    ///
    /// Asked to do it thoroughly, it looks at every pack rather than trust the combined index.
    func find(_ id: ObjectID, thoroughly: Bool = false) -> Location? {
        if let combined {
            for (number, position) in combined.places(of: id) where number < numbered.count {
                // The combined index may be damaged, and its pack gone: then the others are looked at.
                guard let pack = numbered[number]?.opened(), position < pack.index.count,
                    pack.index.id(at: position) == id
                else { continue }
                return Location(pack: pack, position: position)
            }
        }
        for handle in loose.reversed() {
            if let pack = handle.opened(), let position = pack.index.position(of: id) {
                return Location(pack: pack, position: position)
            }
        }
        guard thoroughly else { return nil }
        for handle in packs.values {
            if let pack = handle.opened(), let position = pack.index.position(of: id) {
                return Location(pack: pack, position: position)
            }
        }
        return nil
    }

    /// Every place where an object is.
    func places(of id: ObjectID) -> [Location] {
        packs.values.compactMap { handle in
            guard let pack = handle.opened(), let position = pack.index.position(of: id) else { return nil }
            return Location(pack: pack, position: position)
        }
    }
}
