internal import Foundation
public import MartletCore
public import MartletLake
internal import Synchronization

/// Reads the objects of a lake from its packs, and knows which packs there are.
///
/// Safe to use from any thread. Packs that another process adds or replaces are noticed when an object is not found.
public final class PackStore: ObjectReader {
    /// The folder of packs.
    let folder: String
    /// The folder of indexes.
    let indexFolder: String
    private let state: Mutex<PackSet>
    /// Objects that the last verification found damaged.
    let damaged: Mutex<Set<ObjectID>>

    /// Looks at the packs in a folder.
    init(folder: String, indexFolder: String) {
        self.folder = folder
        self.indexFolder = indexFolder
        state = Mutex(PackSet(packs: [:], loose: [], combined: nil))
        damaged = Mutex(Self.damagedIDs("\(indexFolder)/damaged"))
        reload()
    }

    /// The packs as they were last seen.
    var current: PackSet { state.withLock { $0 } }

    var combinedPath: String { "\(indexFolder)/combined" }

    /// The bytes of the object, checked against its id.
    ///
    /// When one copy is damaged, others are tried.
    ///
    /// - Throws: ``MartletError`` MT3030 when there is none, MT3031 when what is stored does not have this id.
    public func object(_ id: ObjectID) throws(MartletError) -> [UInt8] {
        let place = try location(of: id)
        if let bytes = place.pack.object(at: place.position) { return bytes }
        for other in reload().places(of: id) {
            if let bytes = other.pack.object(at: other.position) { return bytes }
        }
        throw Self.damaged(id, in: place.pack)
    }

    /// Whether there is such an object, whole or not.
    public func contains(_ id: ObjectID) -> Bool { (try? location(of: id)) != nil }

    /// Where an object is.
    ///
    /// - Throws: ``MartletError`` MT3030.
    func location(of id: ObjectID) throws(MartletError) -> PackSet.Location {
        if let place = current.find(id) { return place }
        if let place = reload().find(id, thoroughly: true) { return place }
        throw MartletError(
            .objectMissing,
            "the lake has no object \(id.short)",
            reason: "no pack in \(folder) holds it",
            remedy: "fetch it again with `martlet lake pull`, or see with `martlet lake verify` what is lost"
        )
    }

    static func damaged(_ id: ObjectID, in pack: PackFile) -> MartletError {
        MartletError(
            .objectDamaged,
            "object \(id.short) is damaged",
            reason: "what \(pack.path) holds does not have that SHA-256",
            remedy: "see with `martlet lake verify` what it touches; add the file again, or pull it from another copy"
        )
    }

    /// The ids of commits that start with these hexadecimal digits; at most 100.
    public func commits(withPrefix hex: String) -> [ObjectID] {
        let digits = hex.lowercased()
        guard !digits.isEmpty, digits.utf8.count <= 64,
            let low = ObjectID(hex: digits + String(repeating: "0", count: 64 - digits.utf8.count))
        else { return [] }
        var found: Set<ObjectID> = []
        for handle in reload().packs.values {
            guard let index = handle.opened()?.index else { continue }
            var position = index.firstPosition(notBelow: low)
            while position < index.count, found.count < 100 {
                let id = index.id(at: position)
                guard id.hex.hasPrefix(digits) else { break }
                if index.kind(at: position) == .commit { found.insert(id) }
                position += 1
            }
        }
        return found.sorted()
    }

    /// Looks at the folder again.
    @discardableResult
    func reload() -> PackSet {
        let combined = CombinedIndex(combinedPath)
        let names = (Folder.names(in: folder) ?? []).compactMap { PackFolder.pack(named: $0) }.sorted()
        return state.withLock { set in
            var packs: [ObjectID: PackHandle] = [:]
            packs.reserveCapacity(names.count)
            for name in names { packs[name] = set.packs[name] ?? PackHandle(name: name, folder: folder) }
            set = PackSet(packs: packs, loose: names, combined: combined)
            return set
        }
    }

    /// Takes in a pack that was just written.
    func add(_ name: ObjectID) {
        state.withLock { set in
            guard set.packs[name] == nil else { return }
            var packs = set.packs
            packs[name] = PackHandle(name: name, folder: folder)
            set = PackSet(packs: packs, loose: set.loose.map(\.name) + [name], combined: set.combined)
        }
    }
}
