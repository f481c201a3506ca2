public import MartletCore

/// The chunks of a large file in order, or, for a very large one, the lists of its chunks.
///
/// A list ends after a chunk whose id says so, like a node of a tree, so that an edit of a huge file writes one list and
/// the one above it. There are two levels at most.
public struct ChunkList: Hashable, Sendable {
    /// A chunk of a file, or a list of chunks.
    public struct Chunk: Hashable, Sendable {
        /// The id of the chunk, or of the list.
        public var id: ObjectID
        /// How many bytes of the file it holds.
        public var size: Int

        /// A chunk of `size` bytes.
        public init(id: ObjectID, size: Int) {
            self.id = id
            self.size = size
        }
    }

    /// Whether ``chunks`` are lists of chunks.
    public var holdsLists: Bool
    /// The chunks, or lists, in order.
    public var chunks: [Chunk]

    /// A list of chunks, or of lists.
    public init(_ chunks: [Chunk], holdsLists: Bool = false) {
        self.chunks = chunks
        self.holdsLists = holdsLists
    }

    /// How many bytes of the file it covers.
    public var size: Int { chunks.reduce(0) { $0 &+ $1.size } }

    /// Most chunks of one list.
    static let most = 4_096

    /// Whether a list ends after its `count`th chunk: one id in 1,024 says so.
    static func ends(after id: ObjectID, count: Int) -> Bool { count >= most || id.prefix >> 54 == 0 }
}
