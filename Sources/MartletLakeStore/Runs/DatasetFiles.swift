internal import Foundation
internal import MartletCore
internal import MartletLake

/// The files of a dataset, or of one part of it, as a tree has them.
struct DatasetFiles {
    /// Stands for a folder without files, which a tree cannot have.
    static let emptyMarker = Array(".martlet-empty".utf8)

    private let dataset: DatasetID
    private let part: Int?
    fileprivate let files: [(path: LakePath, relative: [UInt8], entry: FileEntry)]

    /// - Throws: ``MartletError`` when the tree cannot be read.
    init(_ dataset: DatasetID, part: Int?, in tree: TreeReader) throws(MartletError) {
        self.dataset = dataset
        self.part = part
        var files: [(path: LakePath, relative: [UInt8], entry: FileEntry)] = []
        var cursor = DatasetCursor(dataset, in: tree)
        while let file = try cursor.next() {
            let relative = DatasetKeys.relative(file.path, in: dataset)
            guard let part else {
                files.append((file.path, relative, file.entry))
                continue
            }
            if let own = Self.relative(relative, inPart: part) { files.append((file.path, own, file.entry)) }
        }
        self.files = files
    }

    var isEmpty: Bool { files.isEmpty }

    var figures: LakeDataset? {
        if files.isEmpty { return nil }
        var digest = DatasetDigest()
        for file in files { digest.add(file.relative, file.entry) }
        return LakeDataset(digest: digest.id, files: digest.files, bytes: digest.bytes)
    }

    /// Writes them below `folder`.
    ///
    /// - Returns: the path of the only file of a dataset that is a file, or of the folder of all.
    func write(by lake: Lake, into folder: String) throws(MartletError) -> String {
        try Folder.make(folder)
        var placements: [FilePlacement] = []
        var only: String?
        for file in files where file.relative != Self.emptyMarker {
            if file.relative.isEmpty {
                let name = file.path.bytes.split(separator: 0x2f).last.map(Array.init) ?? file.path.bytes
                only = String(decoding: name, as: UTF8.self)
                placements.append(FilePlacement(path: LakePath(trusted: name), entry: file.entry))
            } else {
                placements.append(FilePlacement(path: LakePath(trusted: file.relative), entry: file.entry))
            }
        }
        _ = try lake.write(placements, into: folder, replacing: true)
        return only.map { "\(folder)/\($0)" } ?? folder
    }

    /// The name of a part: `00003`, in five digits, so that parts are in order.
    static func name(ofPart part: Int) -> String {
        let digits = String(part)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    /// The path of a file within its part: nothing when the part is that file; nil when it is of another part.
    private static func relative(_ path: [UInt8], inPart part: Int) -> [UInt8]? {
        let name = Array(name(ofPart: part).utf8)
        guard path.starts(with: name) else { return nil }
        let rest = path.dropFirst(name.count)
        switch rest.first {
        case nil: return []
        case 0x2f: return Array(rest.dropFirst())
        case 0x2e where !rest.contains(0x2f): return []
        default: return nil
        }
    }
}

extension DatasetFiles {
    /// The paths of the files in the tree.
    var paths: [LakePath] { files.map(\.path) }

    /// The files by their paths in the tree.
    var entries: [(path: LakePath, entry: FileEntry)] { files.map { ($0.path, $0.entry) } }

    /// Of a whole dataset, the files that are in none of its parts.
    var pathsOfNoPart: [LakePath] {
        files.filter { Self.part(of: $0.relative) == nil }.map(\.path)
    }

    /// Of a whole dataset, the files that are in other parts than these.
    func paths(outside parts: Set<Int>) -> [LakePath] {
        files.filter { Self.part(of: $0.relative).map { !parts.contains($0) } ?? true }.map(\.path)
    }

    /// The number of the part that a file is in.
    private static func part(of relative: [UInt8]) -> Int? {
        let digits = relative.prefix { (0x30...0x39).contains($0) }
        guard digits.count >= 5 else { return nil }
        switch relative.dropFirst(digits.count).first {
        case nil, 0x2e, 0x2f: return Int(String(decoding: digits, as: UTF8.self))
        default: return nil
        }
    }
}
