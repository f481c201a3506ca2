internal import Foundation
internal import MartletCore
internal import MartletLake

/// Finds what the other side of a push is missing, and the packs to send for it.
final class PushSearch {
    /// A pack to send.
    struct Pack: Sendable {
        var name: ObjectID
        var path: String
        var bytes: Int
        /// Whether it was made for this push, and goes away after it.
        var isMade: Bool
    }

    private let have: (ObjectID, ObjectID) -> Bool
    /// Commits and nodes that the other side has with all they need.
    private let known: Marks
    private let needed: Marks
    private var missing: [ObjectID: (pack: PackFile, positions: [Int], bytes: Int)] = [:]

    /// `have`: whether the other side has an object, which is in this pack here.
    init(_ objects: PackStore, have: @escaping (_ id: ObjectID, _ pack: ObjectID) -> Bool) {
        self.have = have
        known = Marks(objects, toleratesMissing: true)
        needed = Marks(objects)
    }

    /// Takes in that the other side has these commits with all they need; those that are not here tell nothing.
    func know(_ heads: [ObjectID]) throws(MartletError) {
        for head in heads {
            var open = [head]
            while let id = open.popLast() {
                guard let place = try known.mark(id),
                    let references = try? Marks.references(place, .commit, id)
                else { continue }
                open += references.parents
                // Nodes of the head's tree only: older trees share most of it, and what they do not is asked for by id.
                if id == head { for root in references.ids { try knowNodes(root) } }
            }
        }
    }

    private func knowNodes(_ root: ObjectID) throws(MartletError) {
        var open = [root]
        while let id = open.popLast() {
            guard let place = try known.mark(id), place.pack.index.kind(at: place.position) == .node,
                let references = try? Marks.references(place, .node, id), references.files.isEmpty
            else { continue }
            open += references.ids
        }
    }

    /// Takes in that the other side is to have these commits.
    ///
    /// - Throws: ``MartletError`` MT3030, MT3031 or MT3006 when the lake here is damaged.
    func need(_ commits: [ObjectID]) throws(MartletError) {
        var open = commits
        while let id = open.popLast() {
            if isKnown(id) { continue }
            guard let place = try needed.mark(id) else { continue }
            if !have(id, place.pack.name) { miss(place) }
            guard let kind = place.pack.index.kind(at: place.position), kind != .data else { continue }
            let references = try Marks.references(place, kind, id)
            open += references.ids
            open += references.parents
        }
    }

    private func isKnown(_ id: ObjectID) -> Bool {
        guard let place = known.packs.find(id) else { return false }
        return known.isMarked(place.pack.name, place.position)
    }

    private func miss(_ place: PackSet.Location) {
        missing[place.pack.name, default: (place.pack, [], 0)].positions.append(place.position)
        missing[place.pack.name, default: (place.pack, [], 0)].bytes +=
            place.pack.index.record(at: place.position).recordBytes
    }

    /// The packs to send.
    ///
    /// Those that are mostly missing there as they are, and what is missing of others in packs made for
    /// it. Made in order of ids, so that a push that was cut off makes the same again.
    ///
    /// - Throws: ``MartletError`` MT3031 when an object is damaged, MT8004 or MT8005 when packs cannot be made.
    func packs(in folder: String) throws(MartletError) -> [Pack] {
        var packs: [Pack] = []
        try Folder.make(folder)
        PackFolder.removeLeftovers(in: folder)
        var copier = RecordCopier(into: folder)
        let scratch = ObjectScratch()
        for (name, part) in missing.sorted(by: { $0.key < $1.key }) {
            if part.bytes * 3 >= part.pack.bytes * 2 - PackFormat.footerBytes, !part.pack.isRecovered {
                packs.append(Pack(name: name, path: part.pack.path, bytes: part.pack.bytes, isMade: false))
                continue
            }
            for position in part.positions.sorted() {
                let record = part.pack.index.record(at: position)
                guard try copier.copy(record, from: part.pack, scratch) else {
                    throw PackStore.damaged(record.id, in: part.pack)
                }
            }
        }
        try copier.finish()
        for name in copier.packs {
            let path = PackFolder.path(of: name, in: folder)
            var info = stat()
            guard stat(path, &info) == 0 else { throw Failure.reading(path, errno) }
            packs.append(Pack(name: name, path: path, bytes: Int(info.st_size), isMade: true))
        }
        return packs
    }
}
