import Dispatch
import Foundation
import Glibc
import MartletCore

/// Keeps the states of cuts as files of a folder, for results that go where no state can.
///
/// A file is complete or not there: it is written under another name, flushed, and renamed. Its name tells the number of
/// its cut and who wrote it, so that a writer that was fenced cannot overwrite what its successor committed.
struct CutFiles: Sendable {
    let folder: String
    let stream: String

    /// What a cut is found by.
    struct Name: Hashable, Sendable {
        var number: Int64
        /// Of letters and digits; another for each writer.
        var writer: String

        var text: String { "\(number) \(writer)" }

        init(number: Int64, writer: String) {
            self.number = number
            self.writer = writer
        }

        /// Reads what ``text`` gives.
        init?(_ text: String) {
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, let number = Int64(words[0]), number > 0, !words[1].isEmpty,
                words[1].utf8.count <= 64, words[1].utf8.allSatisfy({ Self.isPlain($0) })
            else { return nil }
            self.init(number: number, writer: String(words[1]))
        }

        private static func isPlain(_ byte: UInt8) -> Bool {
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        }

        fileprivate var file: String { "cut-\(number)-\(writer)" }
    }

    /// One partition's offset, as JSON.
    private struct Place: Codable {
        var topic: String
        var partition: Int32
        var offset: Int64
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes a cut, which is on the disk when this returns.
    func write(_ cut: StreamCut, as name: Name) async throws(MartletError) {
        let places = cut.offsets.sorted { $0.key < $1.key }
            .map { Place(topic: $0.key.topic, partition: $0.key.partition, offset: $0.value) }
        let head = Array(JSONText.encode(places).utf8) + [10]
        try await aside { () throws(MartletError) in
            try FilePieces.makeFolder(folder) { failure($0) }
            let (temporary, final) = (path(".\(name.file).tmp"), path(name.file))
            if let code = FilePieces.write([head, cut.state], to: temporary) ?? FilePieces.rename(temporary, to: final)
            {
                unlink(temporary)
                throw failure(code)
            }
        }
    }

    /// Reads a cut.
    ///
    /// - Throws: MT6065 when it is not there or broken; the engine checks the state itself.
    func read(_ name: Name) async throws(MartletError) -> StreamCut {
        try await aside { () throws(MartletError) in
            guard let data = FileManager.default.contents(atPath: path(name.file)) else {
                throw unreadable("\(name.file) is not in \(folder), and the group's offsets belong to it")
            }
            let bytes = [UInt8](data)
            guard let end = bytes.firstIndex(of: 10),
                let places = try? JSONDecoder().decode([Place].self, from: Data(bytes[..<end]))
            else { throw unreadable("\(name.file) in \(folder) is not as Martlet writes it") }
            let offsets = places.map { (TopicPartition($0.topic, $0.partition), $0.offset) }
            return StreamCut(
                number: name.number,
                offsets: Dictionary(offsets) { $1 },
                state: Array(bytes[(end + 1)...])
            )
        }
    }

    /// Removes all files of cuts but these.
    func keepOnly(_ kept: Set<Name>) async {
        let names = Set(kept.map(\.file))
        try? await aside { () throws(MartletError) in
            let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in all where file.hasPrefix("cut-") || file.hasPrefix(".cut-") {
                if !names.contains(file) { unlink(path(file)) }
            }
        }
    }

    func unreadable(_ reason: String) -> MartletError {
        MartletError(
            .streamCutUnreadable,
            "the state of stream \(stream) cannot be read",
            reason: reason,
            remedy: "bring the folder back; without it the stream has to begin anew, "
                + "under another name and into another topic"
        )
    }

    private func failure(_ code: Int32) -> MartletError {
        MartletError(
            .streamResultsUnwritable,
            "the state of stream \(stream) cannot be written to \(folder)",
            reason: code == ENOSPC ? "the disk is full" : "the folder cannot be written",
            remedy: "mend that, then start the stream again: it goes on from its last cut",
            cause: String(cString: strerror(code))
        )
    }

    /// Does what blocks away from the threads that run tasks.
    private func aside<Value: Sendable>(
        _ body: @escaping @Sendable () throws(MartletError) -> Value
    ) async throws(MartletError) -> Value {
        let result: Result<Value, MartletError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Result { () throws(MartletError) in try body() })
            }
        }
        return try result.get()
    }
}

/// Files written so that they are whole or not there.
enum FilePieces {
    /// Makes a folder and those above it.
    static func makeFolder(
        _ path: String,
        _ failure: (Int32) -> MartletError
    ) throws(MartletError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw failure(errno == 0 ? EACCES : errno)
        }
    }

    /// Writes a file anew and flushes it.
    ///
    /// - Returns: the errno of a failure; nil when it is done.
    static func write(_ pieces: [[UInt8]], to path: String) -> Int32? {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { return errno }
        defer { close(file) }
        for piece in pieces {
            if let code = append(piece, to: file) { return code }
        }
        return fsync(file) == 0 ? nil : errno
    }

    /// Writes all of the bytes.
    ///
    /// - Returns: the errno of a failure; nil when it is done.
    static func append(_ bytes: [UInt8], to file: Int32) -> Int32? {
        bytes.withUnsafeBytes { all in
            var rest = all
            while let base = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(file, base, min(rest.count, 4 << 20))
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return nil
        }
    }

    /// Renames a file in its folder, and flushes the folder.
    ///
    /// - Returns: the errno of a failure; nil when it is done.
    static func rename(_ path: String, to target: String) -> Int32? {
        guard Glibc.rename(path, target) == 0 else { return errno }
        let end = target.lastIndex(of: "/")
        let folder = open(end.map { String(target[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return errno }
        defer { close(folder) }
        return fsync(folder) == 0 ? nil : errno
    }
}
