internal import Foundation
internal import MartletCore
internal import MartletLake

/// What a store of objects holds of a lake: the same names as in a lake's folder.
struct RemoteLake: Sendable {
    let store: any ObjectStore
    /// Where indexes of packs that are only there are kept, so that each is fetched once.
    let cache: String

    /// A ref of the other side.
    struct Head: Sendable {
        var ref: Ref
        var commit: ObjectID
        var tag: ObjectTag
    }

    /// Checks that there is a lake.
    ///
    /// - Returns: whether there is one.
    /// - Throws: ``MartletError`` MT3036 when it is of a newer Martlet.
    func exists() async throws(MartletError) -> Bool {
        guard let format = try await store.read("format", range: nil)?.bytes else { return false }
        guard format == Lake.format else {
            throw MartletError(
                .lakeTooNew,
                "the lake in \(store.location) has a format that this Martlet does not know",
                remedy: "use a newer Martlet"
            )
        }
        return true
    }

    /// Every branch and tag, ordered.
    ///
    /// - Throws: ``MartletError`` MT3040 when one is damaged.
    func heads() async throws(MartletError) -> [Head] {
        var heads: [Head] = []
        for object in try await store.list(prefix: "refs/") {
            guard let ref = Ref(fileName: String(object.name.dropFirst("refs/".count))) else { continue }
            if case .remote = ref { continue }
            guard let (bytes, tag) = try await store.read(object.name, range: nil) else { continue }
            let commit = try RefStore.commit(in: bytes, of: "\(object.name) in \(store.location)")
            heads.append(Head(ref: ref, commit: commit, tag: tag))
        }
        return heads.sorted { $0.ref < $1.ref }
    }

    /// Every pack and its size.
    func packs() async throws(MartletError) -> [ObjectID: Int] {
        var packs: [ObjectID: Int] = [:]
        for object in try await store.list(prefix: "packs/") {
            guard let name = PackFolder.pack(named: object.name.dropFirst("packs/".count)) else { continue }
            packs[name] = object.size
        }
        return packs
    }

    /// The index of a pack, from here if it was fetched before.
    ///
    /// - Throws: ``MartletError`` MT3040 when it is damaged.
    func index(of pack: ObjectID, size: Int) async throws(MartletError) -> PackIndex {
        let path = "\(cache)/\(pack.hex)"
        if let index = Self.index(at: path, pack) { return index }
        let name = Self.name(of: pack)
        let tail = try await store.read(name, range: max(0, size - PackFormat.footerBytes)..<size)?.bytes ?? []
        guard let footer = tail.withUnsafeBytes({ PackFormat.footer($0) }) else { throw damaged(pack) }
        let range = footer.indexOffset..<max(footer.indexOffset, size - PackFormat.footerBytes)
        guard range.count == PackFormat.indexBytes(of: footer.count), footer.indexHash == pack,
            let bytes = try await store.read(name, range: range)?.bytes, ObjectID(hashing: bytes) == pack
        else { throw damaged(pack) }
        try keep(bytes, of: pack)
        guard let index = Self.index(at: path, pack) else { throw damaged(pack) }
        return index
    }

    /// Keeps the index of a pack.
    func keep(_ index: [UInt8], of pack: ObjectID) throws(MartletError) {
        try Folder.make(cache)
        try Folder.replace("\(cache)/\(pack.hex)", with: index, syncing: cache)
    }

    private static func index(at path: String, _ pack: ObjectID) -> PackIndex? {
        guard let file = MappedFile(path) else { return nil }
        let count = (file.bytes.count - PackFormat.fanoutBytes) / (ObjectID.byteCount + PackFormat.indexEntryBytes)
        guard let index = PackIndex(file.bytes, count: count, owner: file), index.matches(pack) else { return nil }
        return index
    }

    static func name(of pack: ObjectID) -> String { "packs/\(pack.hex)\(PackFormat.fileExtension)" }

    func damaged(_ pack: ObjectID) -> MartletError {
        MartletError(
            .lakeDamaged,
            "pack \(pack.short) in \(store.location) is damaged",
            remedy: "push from a copy that is whole, after removing the pack there"
        )
    }
}
