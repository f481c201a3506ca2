internal import MartletCore
internal import MartletLake

/// The records of the staged tree in the order of keys: those of the index, brought up to date with the tree where the
/// index is of another one.
final class StagedRecords {
    /// The record that ``next()`` came to.
    private(set) var record = IndexRecord(path: [], content: .zero, size: 0, isExecutable: false, stamp: nil)

    private let index: WorkIndexReader?
    private var hasIndexed = false
    /// The tree, when there is no index; what differs from the index's tree, when there is.
    private var tree: TreeCursor?
    private var difference: TreeDiff?
    private var change: TreeChange?

    /// The records of the tree `staged`.
    init(_ staged: ObjectID, index: WorkIndexReader?, objects: any ObjectReader) throws(MartletError) {
        self.index = index
        if let index {
            hasIndexed = index.next()
            if index.root != staged {
                difference = TreeDiff(from: index.root, to: staged, objects: objects)
                change = try difference?.next()
            }
        } else {
            tree = TreeReader(root: staged, objects: objects).cursor()
        }
    }

    /// Goes on to the next record; false at the end.
    func next() throws(MartletError) -> Bool {
        if tree != nil {
            guard let file = try tree?.next() else { return false }
            set(file.path, file.entry)
            return true
        }
        guard let index else { return false }
        while true {
            guard let change else {
                guard hasIndexed else { return false }
                record = index.record
                hasIndexed = index.next()
                return true
            }
            let order = hasIndexed ? PathOrder.compare(index.record.path, change.path.bytes) : 1
            if order < 0 {
                record = index.record
                hasIndexed = index.next()
                return true
            }
            // The same content under another dataset is still that of the file.
            let isSame = order == 0 && change.new?.content == index.record.content
            let stamp = isSame ? index.record.stamp : nil
            if order == 0 { hasIndexed = index.next() }
            self.change = try difference?.next()
            if let entry = change.new {
                set(change.path, entry)
                record.stamp = stamp
                return true
            }
        }
    }

    private func set(_ path: LakePath, _ entry: FileEntry) {
        record = IndexRecord(
            path: path.bytes,
            content: entry.content,
            size: Int64(entry.size),
            isExecutable: entry.isExecutable,
            stamp: nil
        )
    }
}
