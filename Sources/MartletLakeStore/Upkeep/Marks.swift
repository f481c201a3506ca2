internal import MartletCore
internal import MartletLake

/// Which objects of a set of packs are reached from some roots; a bit for each object.
final class Marks {
    /// Where objects are looked for.
    private(set) var packs: PackSet
    private let store: PackStore
    private var bits: [ObjectID: [UInt64]] = [:]
    /// Live bytes of each pack, with the records' headers.
    private(set) var liveBytes: [ObjectID: Int] = [:]
    private let toleratesMissing: Bool

    /// No marks yet.
    ///
    /// `toleratesMissing`: whether an object that is referred to may be missing.
    init(_ store: PackStore, toleratesMissing: Bool = false) {
        self.store = store
        packs = store.current
        self.toleratesMissing = toleratesMissing
    }

    /// Marks an object.
    ///
    /// - Returns: where it is, when it was not marked before; nil when it was, or may be missing and is.
    /// - Throws: ``MartletError`` MT3030 when it is missing, so that it cannot be known what it needs.
    func mark(_ id: ObjectID) throws(MartletError) -> PackSet.Location? {
        guard let place = find(id) else {
            if toleratesMissing { return nil }
            throw Self.incomplete(id)
        }
        let (word, bit) = (place.position / 64, UInt64(1) << UInt64(place.position % 64))
        let name = place.pack.name
        let count = (place.pack.index.count + 63) / 64
        if bits[name, default: Array(repeating: 0, count: count)][word] & bit != 0 { return nil }
        bits[name, default: Array(repeating: 0, count: count)][word] |= bit
        liveBytes[name, default: 0] += place.pack.index.record(at: place.position).recordBytes
        return place
    }

    /// Where an object is; looks at the folder again when it is in none of the packs that were there: a commit may be made,
    /// and packs be replaced, while marks are made.
    func find(_ id: ObjectID) -> PackSet.Location? {
        if let place = packs.find(id) { return place }
        packs = store.reload()
        return packs.find(id, thoroughly: true)
    }

    /// Whether the object at a position of a pack is marked.
    func isMarked(_ pack: ObjectID, _ position: Int) -> Bool {
        guard let words = bits[pack] else { return false }
        return words[position / 64] & (1 << UInt64(position % 64)) != 0
    }

    /// Marks an object and all that it needs, but not the commits before it.
    ///
    /// - Throws: ``MartletError`` MT3030, MT3031 or MT3006 when something on the way is missing or damaged, so that it cannot
    ///   be known what it needs.
    func markAll(_ root: ObjectID) throws(MartletError) {
        var open = [root]
        while let id = open.popLast() {
            guard let place = try mark(id) else { continue }
            let kind = place.pack.index.kind(at: place.position)
            guard let kind, kind != .data else { continue }
            open += try Self.references(place, kind, id).ids
        }
    }

    /// What an object refers to.
    ///
    /// - Throws: ``MartletError`` MT3031 or MT3006 when it is damaged.
    static func references(
        _ place: PackSet.Location,
        _ kind: ObjectKind,
        _ id: ObjectID
    ) throws(MartletError) -> ObjectReferences {
        guard let bytes = place.pack.object(at: place.position) else { throw PackStore.damaged(id, in: place.pack) }
        return try ObjectReferences(bytes, kind: kind, id: id)
    }

    static func incomplete(_ id: ObjectID) -> MartletError {
        MartletError(
            .objectMissing,
            "object \(id.short) is not in the lake",
            reason: "something refers to it, and it is not known what it needs",
            remedy: "run `martlet lake verify`, and fetch what is missing with `martlet lake pull`"
        )
    }
}
