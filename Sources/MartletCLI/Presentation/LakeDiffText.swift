import MartletCore
import MartletLake
import MartletLakeStore

/// What differs between two trees, summed up.
struct LakeDiffSummary {
    struct Counts: Hashable {
        var added = 0, modified = 0, removed = 0, bytesBefore = 0, bytesAfter = 0

        mutating func add(_ change: TreeChange) {
            switch change.kind {
            case .added: added += 1
            case .modified: modified += 1
            case .removed: removed += 1
            }
            bytesBefore += change.old?.size ?? 0
            bytesAfter += change.new?.size ?? 0
        }
    }

    private(set) var total = Counts()
    /// By folder; past a number of them the rest together.
    private(set) var folders: [[UInt8]: Counts] = [:]

    var isEmpty: Bool { total == Counts() }

    mutating func add(_ change: TreeChange) {
        total.add(change)
        let folder = change.path.bytes.lastIndex(of: 0x2f).map { Array(change.path.bytes[..<$0]) } ?? []
        let isFull = folders.count >= Limits.foldersListed && folders[folder] == nil
        folders[isFull ? [0x2a] : folder, default: Counts()].add(change)
    }

    var json: JSONValue {
        .object([
            "added": .integer(total.added), "modified": .integer(total.modified), "removed": .integer(total.removed),
            "bytes_before": .integer(total.bytesBefore), "bytes_after": .integer(total.bytesAfter),
        ])
    }
}

/// Differences of trees as people read them.
struct LakeDiffText {
    let style: Style

    func line(_ change: TreeChange) -> String {
        LakeText(style: style).line(change.path, WorkStatus.Change(change.kind), note: note(change))
    }

    private func note(_ change: TreeChange) -> String {
        guard let old = change.old, let new = change.new else {
            return NumberText.bytes(change.new?.size ?? change.old?.size ?? 0)
        }
        var parts: [String] = []
        if old.content != new.content { parts.append("\(NumberText.bytes(old.size)) → \(NumberText.bytes(new.size))") }
        if old.isExecutable != new.isExecutable {
            parts.append(new.isExecutable ? "now executable" : "no longer executable")
        }
        if old.dataset != new.dataset {
            parts.append(new.dataset.map { "now of dataset \($0)" } ?? "no longer of a dataset")
        }
        return parts.isEmpty ? "stored anew" : parts.joined(separator: ", ")
    }

    func total(_ summary: LakeDiffSummary) -> String {
        let counts = summary.total
        let delta = counts.bytesAfter - counts.bytesBefore
        let sign = delta < 0 ? "−" : "+"
        return "\(words(counts)); \(sign)\(NumberText.bytes(abs(delta)))"
    }

    func folders(_ summary: LakeDiffSummary) -> [String] {
        var table = TextTable([.left, .right, .right, .right])
        for (folder, counts) in summary.folders.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            func cell(_ count: Int, _ mark: String, _ paint: @escaping (String) -> String) -> TextTable.Cell {
                TextTable.Cell(text: count == 0 ? "" : "\(mark)\(NumberText.grouped(count))", paint: paint)
            }
            table.add([
                TextTable.Cell(text: folder.isEmpty ? "." : DisplayBytes.text(of: folder) + "/"),
                cell(counts.added, "+", style.good), cell(counts.modified, "~", style.warn),
                cell(counts.removed, "-", style.bad),
            ])
        }
        return table.lines()
    }

    private func words(_ counts: LakeDiffSummary.Counts) -> String {
        LakeText.counts([(counts.added, "added"), (counts.modified, "modified"), (counts.removed, "removed")])
    }

    static func json(_ change: TreeChange) -> JSONValue {
        LakeJSON.object(
            change.path,
            [
                "change": .string(change.kind.rawValue),
                "old": change.old.map { .object(LakeJSON.members($0)) } ?? .null,
                "new": change.new.map { .object(LakeJSON.members($0)) } ?? .null,
            ]
        )
    }
}
