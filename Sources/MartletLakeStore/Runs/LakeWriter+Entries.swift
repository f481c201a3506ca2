internal import MartletCore
internal import MartletLake

extension LakeWriter {
    /// Whether every byte of a file is in the lake; all of it stays there until this writer ends.
    func hasAll(of entry: FileEntry) -> Bool {
        switch entry.storage {
        case .whole: return has(entry.content)
        case .chunked(let list): return hasAll(ofList: list)
        }
    }

    private func hasAll(ofList id: ObjectID) -> Bool {
        guard has(id), let bytes = try? object(id), let list = try? ChunkList(encoded: bytes, id: id) else {
            return false
        }
        return list.chunks.allSatisfy { list.holdsLists ? hasAll(ofList: $0.id) : has($0.id) }
    }
}
