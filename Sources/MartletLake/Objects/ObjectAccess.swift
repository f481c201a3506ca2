public import MartletCore

/// What an object is; the pack notes it, so that a store can be looked through without a tree.
public enum ObjectKind: UInt8, Hashable, Sendable, CaseIterable {
    /// Bytes of a file: all of a small one, a chunk of a large one.
    case data = 1
    /// The chunks of a large file, in order.
    case chunkList = 2
    /// A node of a tree.
    case node = 3
    /// A commit.
    case commit = 4
}

/// Reads objects of the lake by their ids; blocks while it reads.
public protocol ObjectReader: Sendable {
    /// The bytes of the object, checked against its id.
    ///
    /// - Throws: `MartletError` MT3030 when there is none, MT3031 when what is stored does not have this id.
    func object(_ id: ObjectID) throws(MartletError) -> [UInt8]
}

/// Adds objects to the lake; what it has added it can read at once, others only when the write is completed.
public protocol ObjectWriter: ObjectReader {
    /// Adds an object unless there is one with these bytes.
    ///
    /// - Returns: its id.
    /// - Throws: `MartletError` MT8004 or MT8005 when it cannot be written.
    func put(_ bytes: [UInt8], as kind: ObjectKind) throws(MartletError) -> ObjectID
}
