internal import Foundation
package import MartletCore
internal import MartletLake

/// What the working tree remembers besides the index: where it is, and what is staged.
package struct WorkspaceState: Hashable, Sendable {
    /// The branch that is checked out; nil for a commit alone.
    package var branch: BranchName?
    /// The commit that the staged tree started from; nil before the first.
    package var base: ObjectID?
    /// The root of the staged tree; nil when it is that of ``base``.
    package var staged: ObjectID?
    /// The files and folders whose content the working tree follows; the empty path is the whole project.
    package var tracked: [[UInt8]]

    /// The state of a project whose lake is new.
    package init(
        branch: BranchName? = .main,
        base: ObjectID? = nil,
        staged: ObjectID? = nil,
        tracked: [[UInt8]] = []
    ) {
        self.branch = branch
        self.base = base
        self.staged = staged
        self.tracked = tracked
    }

    /// Adds a path to those that are followed, unless one above it is; those below it go.
    package mutating func track(_ path: [UInt8]) {
        let key = LakePath(trusted: path)
        if tracked.contains(where: { $0.isEmpty || key.isWithin($0) }) { return }
        tracked.removeAll { path.isEmpty || LakePath(trusted: $0).isWithin(path) }
        tracked.append(path)
        tracked.sort { $0.lexicographicallyPrecedes($1) }
    }
}

extension WorkspaceState: Codable {
    enum CodingKeys: String, CodingKey { case branch, base, staged, tracked }

    /// Decodes a state file.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        branch = try values.decodeIfPresent(BranchName.self, forKey: .branch)
        base = try values.decodeIfPresent(ObjectID.self, forKey: .base)
        staged = try values.decodeIfPresent(ObjectID.self, forKey: .staged)
        tracked = try values.decode([String].self, forKey: .tracked).map(PercentText.bytes)
    }

    /// Encodes the state; paths with `%NN` for what is no printable ASCII.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(branch, forKey: .branch)
        try values.encode(base, forKey: .base)
        try values.encode(staged, forKey: .staged)
        try values.encode(tracked.map(PercentText.text), forKey: .tracked)
    }
}

/// Bytes as ASCII that can be read back.
package enum PercentText {
    /// The bytes, with `%NN` for `%` and what is no printable ASCII.
    package static func text(of bytes: [UInt8]) -> String {
        bytes.reduce(into: "") { text, byte in
            if (0x21...0x7e).contains(byte), byte != 0x25 {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + HexText.text(of: [byte])
            }
        }
    }

    /// The bytes that ``text(of:)`` gave the text for.
    package static func bytes(of text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let first = rest.popFirst() {
            if first == 0x25, let byte = HexText.bytes(of: String(decoding: rest.prefix(2), as: UTF8.self))?.first {
                bytes.append(byte)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(first)
            }
        }
        return bytes
    }
}
