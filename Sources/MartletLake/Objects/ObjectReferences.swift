public import MartletCore

/// What an object refers to: how verification, garbage collection and pushes find their way.
public struct ObjectReferences: Sendable {
    /// The objects that it needs.
    public var ids: [ObjectID] = []
    /// The commits before it, when it is a commit.
    public var parents: [ObjectID] = []
    /// The files that it lists, when it is a leaf of a tree.
    public var files: [(path: LakePath, entry: FileEntry)] = []

    /// What the object with these bytes refers to.
    ///
    /// - Throws: `MartletError` MT3002 or MT3006 when the bytes are no object of that kind.
    public init(_ bytes: [UInt8], kind: ObjectKind, id: ObjectID) throws(MartletError) {
        switch kind {
        case .data: break
        case .chunkList: ids = try ChunkList(encoded: bytes, id: id).chunks.map(\.id)
        case .node:
            let node = try TreeNode(encoded: bytes, id: id)
            ids = node.children.map(\.id) + node.items.map(\.entry.stored)
            files = node.items.map { ($0.path, $0.entry) }
        case .commit:
            let record = try CommitRecord(encoded: bytes, id: id)
            ids = [record.root]
            parents = record.parents
        }
    }
}

extension FileEntry {
    /// The object that its content is read from: the content itself, or the list of its chunks.
    public var stored: ObjectID {
        switch storage {
        case .whole: content
        case .chunked(let list): list
        }
    }
}
