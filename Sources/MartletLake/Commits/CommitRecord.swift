internal import Foundation
public import MartletCore

/// A commit: one state of the lake's files, and where it came from.
///
/// Its id is the SHA-256 of ``encoded``, so a record cannot be changed without its children noticing.
public struct CommitRecord: Hashable, Codable, Sendable {
    /// The commits before this one; none for the first, two for a merge: the branch merged into, then the other.
    public var parents: [ObjectID]
    /// The root node of the tree.
    public var root: ObjectID
    /// Who made it, as `name@machine`.
    public var author: String
    /// When it was made.
    public var time: Timestamp
    /// What was done, in a line.
    public var message: String
    /// The run that made it; nil for a commit of a person.
    public var run: RunOrigin?
    /// Whatever else its maker wants to say.
    public var metadata: [String: String]

    /// A commit of the tree `root`.
    public init(
        parents: [ObjectID],
        root: ObjectID,
        author: String,
        time: Timestamp,
        message: String,
        run: RunOrigin? = nil,
        metadata: [String: String] = [:]
    ) {
        self.parents = parents
        self.root = root
        self.author = author
        self.time = time
        self.message = message
        self.run = run
        self.metadata = metadata
    }

    /// The record as it is stored: the line `martlet commit 1`, then JSON with sorted keys.
    public var encoded: [UInt8] { Self.header + Array(JSONText.data(self)) }

    /// Reads a stored record.
    ///
    /// - Throws: `MartletError` MT3002 when it is none.
    public init(encoded bytes: [UInt8], id: ObjectID) throws(MartletError) {
        let body = Data(bytes.dropFirst(Self.header.count))
        guard bytes.starts(with: Self.header), let record = try? JSONText.decode(CommitRecord.self, from: body) else {
            throw MartletError(
                .notACommit,
                "object \(id.short) is not a commit",
                remedy: "name a commit; `martlet lake log` lists them"
            )
        }
        self = record
    }

    private static let header = Array("martlet commit 1\n".utf8)
}
