public import MartletCore

/// Where datasets lie in a tree.
///
/// A dataset that is a file lies under its name and the extension of its format, `flights/raw.csv` for the dataset
/// `flights/raw`; one that is a folder has its files below its name. Each file says which dataset owns it, so that a writing
/// of a dataset replaces exactly what it had, even if that had another form.
public enum DatasetKeys {
    /// Where a dataset that is a file lies.
    ///
    /// - Parameters:
    ///   - dataset: the dataset.
    ///   - format: its declared format, whose extension it gets; `.gz` follows if the file has it.
    ///   - fileName: the name of the file it comes from, whose extension it gets when no format is declared.
    /// - Returns: the path.
    /// - Throws: `MartletError` MT3001 when the name is too long for a path.
    public static func key(
        of dataset: DatasetID,
        format: DatasetFormat?,
        fileName: String
    ) throws(MartletError) -> LakePath {
        var suffix = format.map { ".\($0.rawValue)" } ?? Self.suffix(of: fileName)
        if format != nil, fileName.lowercased().hasSuffix(".gz") { suffix += ".gz" }
        let name = dataset.rawValue
        return try LakePath(validating: Array((name.hasSuffix(suffix) ? name : name + suffix).utf8))
    }

    /// Where a file of a dataset that is a folder lies.
    ///
    /// - Parameters:
    ///   - dataset: the dataset.
    ///   - relative: the file's path in the folder.
    /// - Returns: the path in the lake.
    /// - Throws: `MartletError` MT3001 when that leads out of the folder or is no path.
    public static func key(of dataset: DatasetID, file relative: LakePath) throws(MartletError) -> LakePath {
        try LakePath(validating: Array(dataset.rawValue.utf8) + [0x2f] + relative.bytes)
    }

    /// The path of a dataset's file within the dataset: nothing when the dataset is that file.
    public static func relative(_ path: LakePath, in dataset: DatasetID) -> [UInt8] {
        let name = Array(dataset.rawValue.utf8)
        return path.isWithin(name) ? Array(path.bytes.dropFirst(name.count + 1)) : []
    }

    /// The edits that replace what a dataset has in a tree by other files.
    ///
    /// - Parameters:
    ///   - dataset: the dataset.
    ///   - files: what it is to have, in any order; they become its own.
    ///   - tree: the tree to be edited.
    /// - Returns: the edits, ordered by path.
    /// - Throws: what ``DatasetCursor/next()`` throws.
    public static func edits(
        replacing dataset: DatasetID,
        with files: [(path: LakePath, entry: FileEntry)],
        in tree: TreeReader
    ) throws(MartletError) -> [TreeEdit] {
        var wanted: [LakePath: FileEntry?] = [:]
        var cursor = DatasetCursor(dataset, in: tree)
        while let file = try cursor.next() { wanted[file.path] = .some(nil) }
        for file in files {
            var entry = file.entry
            entry.dataset = dataset
            wanted[file.path] = entry
        }
        return wanted.map { TreeEdit(path: $0.key, entry: $0.value) }.sorted { $0.path < $1.path }
    }

    private static func suffix(of fileName: String) -> String {
        let name = fileName.split(separator: "/").last.map(String.init) ?? ""
        var stem = name[...]
        var suffix = ""
        if stem.lowercased().hasSuffix(".gz") {
            suffix = String(stem.suffix(3))
            stem = stem.dropLast(3)
        }
        // A dot at the start hides a file, it begins no extension.
        guard let dot = stem.lastIndex(of: "."), dot != stem.startIndex else { return suffix }
        return stem[dot...] + suffix
    }
}
