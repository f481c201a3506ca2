internal import Crypto
public import MartletCore

/// The SHA-256 that stands for the files of a dataset: equal when their paths within it, contents and modes are, wherever the
/// dataset lies and however its files are stored.
///
/// It hashes the line `martlet dataset 1`, then for each file the length of its path as LEB128, the path, 1 if it may be
/// executed or else 0, and its content's 32 bytes.
public struct DatasetDigest {
    private var hash = SHA256()
    /// How many files were added.
    public private(set) var files = 0
    /// How many bytes they have.
    public private(set) var bytes = 0

    /// The digest of no files.
    public init() { hash.update(data: Array("martlet dataset 1\n".utf8)) }

    /// Adds a file; those of a dataset are added in the order of their paths.
    ///
    /// - Parameters:
    ///   - relative: its path within the dataset, empty when the dataset is one file.
    ///   - entry: what is there.
    public mutating func add(_ relative: [UInt8], _ entry: FileEntry) {
        var part: [UInt8] = []
        part.append(number: relative.count)
        part += relative
        part.append(entry.isExecutable ? 1 : 0)
        part.append(id: entry.content)
        hash.update(data: part)
        files += 1
        bytes &+= entry.size
    }

    /// The digest of the files added so far.
    public var id: ObjectID { ObjectID(hash.finalize()) }

    /// The digest of what a dataset has in a tree; nil when it has nothing there.
    ///
    /// - Throws: `MartletError` MT3006 for a malformed node, and what the objects' reader throws.
    public static func of(_ dataset: DatasetID, in tree: TreeReader) throws(MartletError) -> DatasetDigest? {
        var digest = DatasetDigest()
        var cursor = DatasetCursor(dataset, in: tree)
        while let file = try cursor.next() { digest.add(DatasetKeys.relative(file.path, in: dataset), file.entry) }
        return digest.files > 0 ? digest : nil
    }
}
