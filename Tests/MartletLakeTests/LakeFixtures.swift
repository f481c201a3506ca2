import MartletCore
import MartletLake

/// Files of a tree, by path, as tests keep them beside the tree.
typealias Files = [LakePath: FileEntry]

extension LakePath {
    /// A path of a test, known to keep the rules.
    init(_ text: String) { self.init(trusted: Array(text.utf8)) }
}

extension FileEntry {
    /// A file that differs from those of other seeds.
    static func sample(_ seed: some BinaryInteger, dataset: String? = nil) -> FileEntry {
        let bytes = Array("file \(seed)".utf8)
        let id = ObjectID(hashing: bytes)
        return FileEntry(
            content: id,
            md5: MD5Digest(bytes: id.bytes.prefix(16)) ?? .zero,
            size: Int(seed),
            isExecutable: seed % 7 == 0,
            storage: seed % 5 == 0 ? .chunked(ObjectID(hashing: id.bytes)) : .whole,
            dataset: dataset.map { DatasetID(trusted: $0) }
        )
    }
}

extension MD5Digest {
    static let zero = MD5Digest(bytes: [UInt8](repeating: 0, count: 16)).unsafelyUnwrapped
}

extension TreeWriter {
    /// The tree of these files.
    static func build(_ files: Files, _ objects: any ObjectWriter) throws -> ObjectID {
        try build(files.sorted { $0.key < $1.key }.map { (path: $0.key, entry: $0.value) }, objects)
    }

    /// The tree of files with these paths, each with the content that its number gives it.
    static func build(_ files: KeyValuePairs<String, Int>, _ objects: any ObjectWriter) throws -> ObjectID {
        try build(Files(uniqueKeysWithValues: files.map { (LakePath($0.key), .sample($0.value)) }), objects)
    }
}

extension TreeReader {
    /// All files, as a table.
    func files(within folder: String = "") throws -> Files {
        var cursor = cursor(within: Array(folder.utf8))
        var files: Files = [:]
        var previous: LakePath?
        while let file = try cursor.next() {
            if let previous, file.path <= previous { throw MartletError(.internalFault, "out of order") }
            previous = file.path
            files[file.path] = file.entry
        }
        return files
    }
}

extension TreeDiff {
    /// All changes.
    func all() throws -> [TreeChange] {
        var rest = self
        var changes: [TreeChange] = []
        while let change = try rest.next() { changes.append(change) }
        return changes
    }
}

/// Edits of a table, as a tree takes them.
func edits(_ changes: [LakePath: FileEntry?]) -> [TreeEdit] {
    changes.map { TreeEdit(path: $0.key, entry: $0.value) }.sorted { $0.path < $1.path }
}

/// Makes files and edits from a seed; names are such that files and folders of one name cannot come.
struct FileMaker {
    var random: SplitMix64

    init(seed: Int) { random = SplitMix64(seed: UInt64(seed)) }

    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }

    /// One of `choices` paths, some in folders.
    mutating func path(_ choices: Int) -> LakePath {
        let number = number(0..<choices)
        return LakePath(number % 3 == 0 ? "f\(number).csv" : "d\(number % 10)/e\(number % 7)/f\(number)")
    }

    mutating func files(_ count: Int, choices: Int) -> Files {
        var files: Files = [:]
        for _ in 0..<count { files[path(choices)] = .sample(number(0..<1_000_000)) }
        return files
    }

    /// Changes at `count` paths: new files, other files, removals.
    mutating func changes(_ count: Int, choices: Int) -> [LakePath: FileEntry?] {
        var changes: [LakePath: FileEntry?] = [:]
        for _ in 0..<count {
            changes[path(choices)] = number(0..<3) == 0 ? .some(nil) : .sample(number(0..<1_000_000))
        }
        return changes
    }
}

extension Files {
    func with(_ changes: [LakePath: FileEntry?]) -> Files {
        var files = self
        for (path, entry) in changes { files[path] = entry }
        return files
    }
}
