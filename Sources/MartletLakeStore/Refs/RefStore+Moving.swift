internal import Foundation
public import MartletCore

extension RefStore {
    /// Points a ref somewhere else if it still points where the caller thinks; durable when it returns.
    ///
    /// The move is written to `moves.jsonl` first: a process killed in between leaves a line for a move that was not made,
    /// never a move without its line, so that garbage collection knows every commit that was lately a head.
    ///
    /// - Throws: ``MartletError`` MT3004 when it points elsewhere; MT8004 or MT8005 when it cannot be written.
    public func move(_ move: HeadMove, of ref: Ref) throws(MartletError) {
        let lock = try FileLock.take("\(lakeFolder)/refs.lock", .exclusive)
        defer { _ = lock }
        let actual = try head(of: ref)
        guard actual == move.from else { throw Self.lost(ref, expected: move.from, actual: actual) }
        guard actual != move.to else { return }
        try journal(move)
        let path = "\(folder)/\(ref.fileName)"
        let parent = path.prefix { _ in true }.lastIndex(of: "/").map { String(path[..<$0]) } ?? folder
        if let to = move.to {
            try Folder.make(parent)
            try Folder.replace(path, with: Array("\(to.hex)\n".utf8), syncing: parent)
        } else {
            if unlink(path) != 0, errno != ENOENT { throw Failure.writing(path, errno) }
            try Folder.sync(parent)
        }
    }

    static func lost(_ ref: Ref, expected: ObjectID?, actual: ObjectID?) -> MartletError {
        func text(_ commit: ObjectID?) -> String { commit?.short ?? "nothing" }
        return MartletError(
            .refMoved,
            "\(ref) was moved by someone else meanwhile",
            reason: "it points to \(text(actual)), not to \(text(expected))",
            remedy: "look at what was added, then try again"
        )
    }

    /// The moves since an instant, oldest first; lines that are damaged are left out.
    ///
    /// - Throws: ``MartletError`` MT3037 when the journal cannot be read.
    public func moves(since: Timestamp? = nil) throws(MartletError) -> [HeadMove] {
        guard let bytes = try Folder.read(journalPath) else { return [] }
        var moves: [HeadMove] = []
        for line in bytes.split(separator: 0x0a).reversed() {
            guard let move = try? JSONText.decode(HeadMove.self, from: Data(line)) else { continue }
            // Clocks step back now and then; a minute is looked past the first line that is too old.
            if let since, move.at < since - .seconds(60) { break }
            if since.map({ move.at >= $0 }) ?? true { moves.append(move) }
        }
        return moves.reversed()
    }

    private var journalPath: String { "\(lakeFolder)/moves.jsonl" }

    private func journal(_ move: HeadMove) throws(MartletError) {
        let number = open(journalPath, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard number >= 0 else { throw Failure.writing(journalPath, errno) }
        let file = Descriptor(owning: number)
        var line = Array(JSONText.data(move)) + [0x0a]
        // A line that a killed process left half written ends here.
        let end = lseek(number, 0, SEEK_END)
        var last: UInt8 = 0x0a
        if end > 0, pread(number, &last, 1, end - 1) == 1, last != 0x0a { line.insert(0x0a, at: 0) }
        var error = line.withUnsafeBytes { file.writeAll($0) }
        if error == 0 { error = file.sync() }
        if error != 0 { throw Failure.writing(journalPath, error) }
    }
}
