internal import MartletCore

// A node as it is stored: the line `martlet tree 1`, its level, and what it holds. Numbers are LEB128.
//
// A leaf: the datasets that own its files (count; length and name each), the count of files, and for each its path and
// entry. An inner node: the count of nodes, and for each its last path, id and count of files. A path is written as how many
// bytes it shares with the one before, how many follow, and those.
extension TreeNode {
    private static let header = Array("martlet tree 1\n".utf8)

    /// The node as it is stored; equal nodes have equal bytes.
    var encoded: [UInt8] {
        var bytes = Self.header
        bytes.reserveCapacity(width * (level == 0 ? 96 : 64) + 64)
        bytes.append(UInt8(truncatingIfNeeded: level))
        var previous: [UInt8] = []
        if level == 0 {
            let datasets = DatasetTable(items)
            bytes.append(number: datasets.names.count)
            for name in datasets.names { bytes.append(text: name.rawValue) }
            bytes.append(number: items.count)
            for item in items {
                bytes.append(path: item.path.bytes, after: previous)
                item.entry.append(to: &bytes, dataset: datasets.index(of: item.entry.dataset))
                previous = item.path.bytes
            }
        } else {
            bytes.append(number: children.count)
            for child in children {
                bytes.append(path: child.last.bytes, after: previous)
                bytes.append(id: child.id)
                bytes.append(number: child.count)
                previous = child.last.bytes
            }
        }
        return bytes
    }

    /// Reads a stored node.
    ///
    /// - Throws: `MartletError` MT3006 when it is none.
    init(encoded bytes: [UInt8], id: ObjectID) throws(MartletError) {
        do throws(MalformedObject) {
            var reader = try ByteReader(bytes, after: Self.header)
            let level = Int(try reader.byte())
            guard level < TreeBoundary.levels else { throw MalformedObject("it has too many levels") }
            if level == 0 {
                self.init(items: try Self.items(from: &reader))
            } else {
                self.init(level: level, children: try Self.children(from: &reader))
            }
            try reader.end()
        } catch {
            throw error.error("a node of a tree", id)
        }
    }

    private static func items(from reader: inout ByteReader) throws(MalformedObject) -> [TreeItem] {
        var datasets: [DatasetID] = []
        for _ in 0..<(try reader.count(ofAtLeast: 2)) {
            let name = String(decoding: try reader.take(reader.number()), as: UTF8.self)
            guard let dataset = DatasetID(rawValue: name) else { throw MalformedObject("a dataset has a wrong name") }
            datasets.append(dataset)
        }
        let count = try reader.count(ofAtLeast: 2 + FileEntry.leastBytes)
        var items: [TreeItem] = []
        items.reserveCapacity(count)
        var previous: LakePath?
        for _ in 0..<count {
            let path = try reader.path(after: previous)
            items.append(TreeItem(path: path, entry: try FileEntry(from: &reader, datasets: datasets)))
            previous = path
        }
        return items
    }

    private static func children(from reader: inout ByteReader) throws(MalformedObject) -> [TreeChild] {
        let count = try reader.count(ofAtLeast: 3 + ObjectID.byteCount)
        guard count > 0 else { throw MalformedObject("it has nothing below it") }
        var children: [TreeChild] = []
        children.reserveCapacity(count)
        var total = 0
        var previous: LakePath?
        for _ in 0..<count {
            let child = TreeChild(
                last: try reader.path(after: previous),
                id: try reader.id(),
                count: try reader.number()
            )
            let (sum, overflows) = total.addingReportingOverflow(child.count)
            guard child.count > 0, !overflows else { throw MalformedObject("its counts are impossible") }
            total = sum
            children.append(child)
            previous = child.last
        }
        return children
    }
}

/// The datasets of a leaf in the order of their first files, so that each name is written once.
private struct DatasetTable {
    private(set) var names: [DatasetID] = []
    private var indices: [DatasetID: Int] = [:]

    init(_ items: [TreeItem]) {
        for item in items {
            // Neighbours mostly have the same owner.
            guard let dataset = item.entry.dataset, dataset != names.last, indices[dataset] == nil else { continue }
            indices[dataset] = names.count
            names.append(dataset)
        }
    }

    func index(of dataset: DatasetID?) -> Int? { dataset.flatMap { indices[$0] } }
}

extension [UInt8] {
    fileprivate mutating func append(path: [UInt8], after previous: [UInt8]) {
        var shared = 0
        let limit = Swift.min(path.count, previous.count)
        while shared < limit, path[shared] == previous[shared] { shared += 1 }
        append(number: shared)
        append(number: path.count - shared)
        append(contentsOf: path[shared...])
    }
}

extension ByteReader {
    /// A path greater than the one before it, with the rules of paths kept: stored bytes may come from anywhere.
    fileprivate mutating func path(after previous: LakePath?) throws(MalformedObject) -> LakePath {
        let shared = try number()
        let rest = try take(number())
        let before = previous?.bytes ?? []
        guard shared <= before.count else { throw MalformedObject("a path shares more than there is") }
        let bytes = [UInt8](unsafeUninitializedCapacity: shared + rest.count) { buffer, count in
            _ = buffer.initialize(fromContentsOf: before[..<shared])
            _ = buffer[shared...].initialize(fromContentsOf: rest)
            count = shared + rest.count
        }
        // Greater than the one before: that one ends where they part, or goes on with a lesser byte.
        if previous != nil {
            guard let next = rest.first, shared == before.count || before[shared] < next else {
                throw MalformedObject("its paths are out of order")
            }
        }
        guard LakePath.keepsRules(bytes) else { throw MalformedObject("a path breaks the rules of paths") }
        return LakePath(trusted: bytes)
    }
}
