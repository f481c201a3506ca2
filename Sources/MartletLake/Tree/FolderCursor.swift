public import MartletCore

/// Goes through what lies right in a folder of a tree, by path; passes what lies deeper without reading it.
public struct FolderCursor: Sendable {
    /// A file or folder of a folder.
    public struct Item: Hashable, Sendable {
        /// Its path in the lake.
        public var path: LakePath
        /// The file; nil for a folder.
        public var entry: FileEntry?

        /// Whether it is a folder.
        public var isFolder: Bool { entry == nil }
    }

    private var cursor: TreeCursor
    private let depth: Int

    init(_ cursor: TreeCursor, folder: [UInt8]) {
        self.cursor = cursor
        depth = folder.isEmpty ? 0 : folder.count + 1
    }

    /// The next file or folder; nil at the end.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed node, and what the objects' reader throws.
    public mutating func next() throws(MartletError) -> Item? {
        guard let file = try cursor.next() else { return nil }
        let path = file.path.bytes
        guard depth < path.count, let slash = path[depth...].firstIndex(of: 0x2f) else {
            return Item(path: file.path, entry: file.entry)
        }
        let folder = Array(path[..<slash])
        cursor.skip(folder)
        return Item(path: LakePath(trusted: folder), entry: nil)
    }
}

extension TreeReader {
    /// Goes through what lies right in a folder; in the whole tree's top folder when none is given.
    ///
    /// - Parameter folder: a path without a slash at either end; if it is a file's, the cursor has just that file.
    /// - Returns: the cursor, before the first of it.
    public func contents(of folder: [UInt8] = []) -> FolderCursor {
        FolderCursor(cursor(within: folder), folder: folder)
    }
}
