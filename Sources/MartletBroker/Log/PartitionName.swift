/// A partition of a topic, and the folder that it has.
package struct PartitionName: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The topic's name, which is valid: 1 to 249 of `[A-Za-z0-9._-]`.
    package let topic: String
    /// Its number, from 0 on.
    package let index: Int32

    /// A partition.
    package init(_ topic: String, _ index: Int32) {
        self.topic = topic
        self.index = index
    }

    /// The partition of a folder `topic-n`; nil for other names.
    package init?(folder: String) {
        guard let dash = folder.lastIndex(of: "-"), dash > folder.startIndex,
            let index = Int32(folder[folder.index(after: dash)...]), index >= 0,
            String(index) == folder[folder.index(after: dash)...], Self.isTopic(folder[..<dash])
        else { return nil }
        topic = String(folder[..<dash])
        self.index = index
    }

    /// Whether a topic may be called so.
    package static func isTopic(_ name: some StringProtocol) -> Bool {
        guard (1...249).contains(name.utf8.count), name != ".", name != ".." else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// `topic-n`.
    package var description: String { "\(topic)-\(index)" }

    /// By topic, then by number.
    package static func < (left: Self, right: Self) -> Bool {
        (left.topic, left.index) < (right.topic, right.index)
    }
}
