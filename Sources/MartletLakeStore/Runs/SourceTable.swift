internal import Foundation
internal import MartletCore
internal import MartletLake
internal import Synchronization

/// The files outside the lake that runs have read, so that one that has not changed is not read again.
///
/// A cache: when its file is lost or damaged, sources are read once more.
final class SourceTable: Sendable {
    /// Files remembered; then the table begins anew.
    private static let limit = 10_000

    private struct Known: Codable {
        var stamp: String
        var content: ObjectID
        var md5: MD5Digest
        var size: Int
        var executable: Bool
        /// The list of its chunks, for a large file.
        var chunks: ObjectID?
    }

    private let path: String
    private let known = Mutex<[String: Known]?>(nil)

    init(path: String) { self.path = path }

    /// The entry of a file; `add` reads it unless its stamp is known and the lake still has it.
    func entry(
        of file: String,
        by writer: LakeWriter,
        add: () throws(MartletError) -> AddedFile
    ) throws(MartletError) -> FileEntry {
        let stamp = PathStamp.text(of: file) ?? ""
        if let found = loaded()[file], found.stamp == stamp {
            let entry = FileEntry(
                content: found.content,
                md5: found.md5,
                size: found.size,
                isExecutable: found.executable,
                storage: found.chunks.map(FileEntry.Storage.chunked) ?? .whole
            )
            if writer.hasAll(of: entry) { return entry }
        }
        let started = Date()
        let added = try add()
        // One that was changed just now may be changed again without its time telling.
        let isSettled = started.timeIntervalSince1970 - Double(added.stamp.modified) / 1e9 > 1
        // A small file is read as quickly as it is looked up.
        guard isSettled, added.entry.size >= 1 << 20 else { return added.entry }
        remember(file, stamp, added.entry)
        return added.entry
    }

    private func loaded() -> [String: Known] {
        known.withLock { known in
            if let known { return known }
            let bytes = FileManager.default.contents(atPath: path)
            let read = bytes.flatMap { try? JSONText.decode([String: Known].self, from: $0) } ?? [:]
            known = read
            return read
        }
    }

    private func remember(_ file: String, _ stamp: String, _ entry: FileEntry) {
        var chunks: ObjectID?
        if case .chunked(let list) = entry.storage { chunks = list }
        let new = Known(
            stamp: stamp,
            content: entry.content,
            md5: entry.md5,
            size: entry.size,
            executable: entry.isExecutable,
            chunks: chunks
        )
        known.withLock { known in
            if (known?.count ?? 0) >= Self.limit { known = [:] }
            known?[file] = new
            // Two processes may write it; the last one's table is as good as the other's.
            try? JSONText.data(known ?? [:]).write(to: URL(fileURLWithPath: path), options: .atomic)
        }
    }
}
