internal import Foundation
internal import MartletCore

/// A commit of git.
struct GitCommit: Hashable, Sendable {
    var id: String
    /// `Name <address>`.
    var author: String
    var time: Timestamp
    var message: String
}

extension GitProgram {
    /// The commits on the first parents of HEAD that changed a file matching `patterns`, oldest first.
    ///
    /// - Throws: ``MartletError`` MT3075.
    func history(of patterns: [String]) throws(MartletError) -> [GitCommit] {
        let format = "%H%x01%an <%ae>%x01%at%x01%B"
        let output = try run(["log", "--first-parent", "--reverse", "-z", "--format=\(format)", "--"] + patterns)
        return output.split(separator: 0).compactMap { record in
            let fields = record.split(separator: 1, maxSplits: 3, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            }
            guard fields.count == 4, let seconds = Int64(fields[2]) else { return nil }
            return GitCommit(
                id: fields[0],
                author: fields[1],
                time: Timestamp(seconds: Double(seconds)),
                message: fields[3]
            )
        }
    }

    /// The commit that is checked out; nil before the first, and where there is no git.
    func head() -> String? {
        guard let answer = try? attempt(["rev-parse", "-q", "--verify", "HEAD"]), answer.status == 0 else { return nil }
        return String(decoding: answer.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The files of a commit below the folder, with the ids of their blobs.
    ///
    /// - Throws: ``MartletError`` MT3075.
    func files(of commit: String) throws(MartletError) -> [(path: [UInt8], blob: String)] {
        let output = try run(["ls-tree", "-r", "-z", commit])
        return output.split(separator: 0).compactMap { record in
            // `<mode> blob <id>`, a tab and the path.
            guard let tab = record.firstIndex(of: 0x09) else { return nil }
            let words = record[..<tab].split(separator: 0x20)
            guard words.count == 3, words[1].elementsEqual("blob".utf8) else { return nil }
            return (Array(record[(tab + 1)...]), String(decoding: words[2], as: UTF8.self))
        }
    }
}
