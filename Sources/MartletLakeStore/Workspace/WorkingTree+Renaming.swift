internal import Glibc
package import MartletCore
package import MartletLake

extension WorkingTree {
    /// Removes files, and stages that.
    ///
    /// `keepsFiles`: whether only the lake no longer has them. `isForced`: whether changed files go too.
    ///
    /// - Returns: how many files the staged tree no longer has.
    /// - Throws: ``MartletError`` MT3050 for a path that is not in the lake, MT3052 for changed files.
    package func remove(_ paths: [[UInt8]], keepsFiles: Bool, isForced: Bool) throws(MartletError) -> Int {
        try locked { () throws(MartletError) in
            let position = try position()
            let reader = TreeReader(root: position.stagedRoot, objects: lake.objects)
            var edits: [LakePath: TreeEdit] = [:]
            for path in paths {
                var cursor = reader.cursor(within: path)
                var isFound = false
                while let file = try cursor.next() {
                    edits[file.path] = TreeEdit(path: file.path, entry: nil)
                    isFound = true
                }
                if !isFound { throw try unknown(path, in: position.stagedRoot) }
            }
            let sorted = edits.values.sorted { $0.path < $1.path }
            let root = try lake.write { writer throws(MartletError) in
                try TreeWriter.apply(sorted, to: position.stagedRoot, writer)
            }
            if !keepsFiles {
                let session = try whole(from: position, to: root, paths: paths, isForced: isForced)
                try session.plan()
                try session.execute(root: root)
            }
            var state = position.state
            state.staged = root == position.baseRoot ? nil : root
            // One that was followed by its own name is no more.
            state.tracked.removeAll { followed in edits[LakePath(trusted: followed)] != nil }
            try save(state)
            return sorted.count
        }
    }

    /// Renames a file or folder, and stages that without reading it.
    ///
    /// `target`: its new path, or a folder that it goes into.
    ///
    /// - Returns: its new path, and how many files of the lake are at it.
    /// - Throws: ``MartletError`` MT3050 when the lake does not have it, MT3052 when something is in the way.
    package func rename(_ source: [UInt8], to target: [UInt8]) throws(MartletError) -> (LakePath, Int) {
        try locked { () throws(MartletError) in
            let position = try position()
            let target = try newPath(of: source, target)
            var cursor = TreeReader(root: position.stagedRoot, objects: lake.objects).cursor(within: source)
            var edits: [TreeEdit] = []
            while let file = try cursor.next() {
                edits.append(TreeEdit(path: file.path, entry: nil))
                let moved = target + file.path.bytes.dropFirst(source.count)
                edits.append(TreeEdit(path: try LakePath(validating: moved), entry: file.entry))
            }
            if edits.isEmpty { throw try unknown(source, in: position.stagedRoot) }
            edits.sort { $0.path < $1.path }
            let root = try lake.write { writer throws(MartletError) in
                try TreeWriter.apply(edits, to: position.stagedRoot, writer)
            }
            let records = try movedRecords(source, target, position)
            try moveFiles(source, target)
            var state = position.state
            state.staged = root == position.baseRoot ? nil : root
            state.tracked.removeAll { LakePath(trusted: $0).isWithin(source) }
            state.track(target)
            try save(state)
            try writeIndex(records, without: source, position, root)
            return (LakePath(trusted: target), edits.count / 2)
        }
    }

    private func newPath(of source: [UInt8], _ target: [UInt8]) throws(MartletError) -> [UInt8] {
        if source.isEmpty || LakePath(trusted: target).isWithin(source) && target != source {
            throw MartletError(
                .commandLineInvalid,
                "a folder cannot go into itself",
                remedy: "name a folder outside of it"
            )
        }
        guard let info = RawPath.status(root.absolute(target)) else { return target }
        let path = (target.isEmpty ? [] : target + [0x2f]) + RawPath.split(source).name
        if info.st_mode & S_IFMT == S_IFDIR, RawPath.status(root.absolute(path)) == nil { return path }
        throw MartletError(
            .filesInTheWay,
            "\(DisplayBytes.text(of: info.st_mode & S_IFMT == S_IFDIR ? path : target)) is there already",
            remedy: "choose another name, or remove it first"
        )
    }

    private func moveFiles(_ source: [UInt8], _ target: [UInt8]) throws(MartletError) {
        let folder = RawPath.split(target).folder
        for end in folder.indices.filter({ folder[$0] == 0x2f }) + [folder.count] where end > 0 {
            mkdir(RawPath.text(root.absolute(Array(folder[..<end]))), 0o755)
        }
        let status = Glibc.rename(RawPath.text(root.absolute(source)), RawPath.text(root.absolute(target)))
        // A file that is gone is renamed in the lake alone.
        if status != 0, errno != ENOENT { throw Failure.writing(DisplayBytes.text(of: target), errno) }
    }

    /// The records of what is moved, under the new keys; those of files that were not as recorded have no stamp.
    private func movedRecords(
        _ source: [UInt8],
        _ target: [UInt8],
        _ position: WorkPosition
    ) throws(MartletError) -> [IndexRecord] {
        let records = try records(of: position.stagedRoot)
        var moved: [IndexRecord] = []
        while try records.next() {
            var record = records.record
            guard LakePath(trusted: record.path).isWithin(source) else { continue }
            if record.path == source, root.look(at: source)?.stamp != record.stamp { record.stamp = nil }
            record.path = target + record.path.dropFirst(source.count)
            moved.append(record)
        }
        return moved
    }

    private func writeIndex(
        _ moved: [IndexRecord],
        without source: [UInt8],
        _ position: WorkPosition,
        _ newRoot: ObjectID
    ) throws(MartletError) {
        let start = try fileSystemTime()
        let records = try records(of: position.stagedRoot)
        let index = try WorkIndexWriter(path: indexPath)
        var rest = moved[...]
        func append(upTo path: [UInt8]?) throws(MartletError) {
            while var record = rest.first, path.map({ PathOrder.compare(record.path, $0) < 0 }) ?? true {
                // A renamed file has a new time of its last change; what is in a renamed folder does not.
                if moved.count == 1, record.stamp != nil {
                    record.stamp = root.look(at: record.path)?.stamp?.settled(before: start)
                }
                try index.append(record)
                rest = rest.dropFirst()
            }
        }
        while try records.next() {
            if LakePath(trusted: records.record.path).isWithin(source) { continue }
            try append(upTo: records.record.path)
            try index.append(records.record)
        }
        try append(upTo: nil)
        try index.finish(root: newRoot)
    }
}
