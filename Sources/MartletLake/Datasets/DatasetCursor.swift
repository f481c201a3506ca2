public import MartletCore

/// Goes through the files that a dataset owns in a tree, by path.
public struct DatasetCursor: Sendable {
    private let dataset: DatasetID
    private let name: [UInt8]
    private var cursor: TreeCursor

    /// The files of `dataset`.
    public init(_ dataset: DatasetID, in tree: TreeReader) {
        self.dataset = dataset
        name = Array(dataset.rawValue.utf8)
        cursor = tree.cursor()
        cursor.seek(to: LakePath(trusted: name))
    }

    /// The next file; nil at the end.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed node, and what the objects' reader throws.
    public mutating func next() throws(MartletError) -> (path: LakePath, entry: FileEntry)? {
        while let file = try cursor.next() {
            let path = file.path.bytes
            guard path.starts(with: name) else { return nil }
            let rest = path.dropFirst(name.count)
            switch rest.first {
            case nil, 0x2f:
                if file.entry.dataset == dataset { return file }
            case 0x2e where !rest.contains(0x2f):
                if file.entry.dataset == dataset { return file }
            case .some(let byte) where byte > 0x2f:
                return nil
            case .some(let byte):
                // Of what stands between the name, its extensions and its folder nothing is the dataset's.
                if byte < 0x2e { cursor.seek(to: LakePath(trusted: name + [0x2e])) } else { skipFolder(path) }
            }
        }
        return nil
    }

    /// Goes past the folder of another dataset, whose name is this one's with something behind a dot.
    private mutating func skipFolder(_ path: [UInt8]) {
        let end = path[name.count...].firstIndex(of: 0x2f) ?? path.endIndex
        cursor.skip(Array(path[..<end]))
    }
}
