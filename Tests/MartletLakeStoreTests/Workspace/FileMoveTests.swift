import MartletCore
import MartletLake
import Testing

@testable import MartletLakeStore

/// Every case of what can happen to a file on the way to another tree.
struct FileMoveTests {
    /// Contents are letters: what the tree before has, what the tree after has, what the file has.
    struct Row: Sendable {
        var before: Character?
        var after: Character?
        var file: Character?
        /// Whether the file's stamp is the index's.
        var isKnown = false
        var isForced = false
        var expected: String
    }

    static let rows: [Row] = [
        Row(expected: "nothing"),
        Row(before: "a", expected: "nothing"),
        Row(after: "a", expected: "write"),
        Row(before: "a", after: "a", expected: "write"),
        Row(before: "a", after: "b", expected: "write"),
        // A file that nobody knows stays.
        Row(file: "x", expected: "nothing"),
        Row(file: "x", isForced: true, expected: "nothing"),
        Row(after: "a", file: "x", expected: "obstacle"),
        Row(after: "a", file: "a", expected: "keep"),
        Row(after: "a", file: "x", isForced: true, expected: "write"),
        // One that was removed from the tree goes if it is what the tree had.
        Row(before: "a", file: "a", isKnown: true, expected: "remove"),
        Row(before: "a", file: "a", expected: "remove"),
        Row(before: "a", file: "x", expected: "obstacle"),
        Row(before: "a", file: "x", isForced: true, expected: "remove"),
        // One that changed in the tree is written if it is what the tree had.
        Row(before: "a", after: "b", file: "a", isKnown: true, expected: "write"),
        Row(before: "a", after: "b", file: "a", expected: "write"),
        Row(before: "a", after: "b", file: "b", expected: "keep"),
        Row(before: "a", after: "b", file: "x", expected: "obstacle"),
        Row(before: "a", after: "b", file: "x", isForced: true, expected: "write"),
        // One that did not stays as somebody changed it.
        Row(before: "a", after: "a", file: "a", isKnown: true, expected: "keep"),
        Row(before: "a", after: "a", file: "a", expected: "keep"),
        Row(before: "a", after: "a", file: "x", expected: "leave"),
        Row(before: "a", after: "a", file: "x", isForced: true, expected: "write"),
    ]

    private func id(_ letter: Character) -> ObjectID { ObjectID(hashing: Array(String(letter).utf8)) }

    private func move(_ row: Row, size: Int64, _ finding: ContentCheck.Finding?) -> FileMove {
        let stamp = WorkStamp(size: size, modified: 1, changed: 2, inode: 3, isExecutable: false)
        return FileMove.decide(
            record: row.before.map {
                IndexRecord(path: [1], content: id($0), size: 1, isExecutable: false, stamp: row.isKnown ? stamp : nil)
            },
            target: row.after.map { FileMove.Target(content: id($0), size: 1, isExecutable: false) },
            found: row.file.map { _ in .file(stamp) },
            finding: finding,
            isForced: row.isForced
        )
    }

    private func name(_ move: FileMove) -> String {
        if case .keep = move { return "keep" }
        return "\(move)"
    }

    @Test(arguments: rows) func decisions(_ row: Row) {
        var result = move(row, size: 1, nil)
        if result == .read, let file = row.file {
            let stamp = WorkStamp(size: 1, modified: 1, changed: 2, inode: 3, isExecutable: false)
            result = move(row, size: 1, ContentCheck.Finding(content: id(file), stamp: stamp))
        } else {
            #expect(row.isKnown || row.isForced || row.file == nil || (row.before == nil && row.after == nil), "\(row)")
        }
        #expect(name(result) == row.expected, "\(row)")
        // Another size needs no reading.
        if row.file == "x" { #expect(name(move(row, size: 9, nil)) == row.expected, "\(row)") }
    }

    @Test func whatIsNoFileIsInTheWayOfOne() {
        let target = FileMove.Target(content: id("a"), size: 1, isExecutable: false)
        let link = FolderWalk.Found.refused(.linkOutside)
        #expect(FileMove.decide(record: nil, target: target, found: link, isForced: false) == .obstacle)
        #expect(FileMove.decide(record: nil, target: target, found: link, isForced: true) == .write)
        #expect(FileMove.decide(record: nil, target: nil, found: link, isForced: true) == .nothing)
    }

    @Test func anExecutableFileIsWrittenAnew() {
        let stamp = WorkStamp(size: 1, modified: 1, changed: 2, inode: 3, isExecutable: false)
        let record = IndexRecord(path: [1], content: id("a"), size: 1, isExecutable: false, stamp: stamp)
        let target = FileMove.Target(content: id("a"), size: 1, isExecutable: true)
        #expect(FileMove.decide(record: record, target: target, found: .file(stamp), isForced: false) == .write)
    }
}
