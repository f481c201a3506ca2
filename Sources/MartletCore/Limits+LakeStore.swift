// The limits of the lake on disk.
extension Limits {
    /// Largest object of the lake; a file's chunks, nodes and commits are far smaller.
    public static let lakeObjectBytes = 16 << 20
    /// Largest file that is kept as one object.
    public static let wholeFileBytes = 256 << 10
    /// Size at which a pack is closed and the next begun.
    public static let packBytes = 32 << 20
    /// Most objects in one pack.
    public static let packObjects = 1 << 17
    /// Packs that may wait for the disk at once; the writer waits for one of them when there would be more.
    public static let packsInFlight = 2
    /// Bytes of a large file that are read ahead of the hashes.
    public static let readAheadBytes = 16 << 20
    /// Threads that one call may use.
    public static let lakeThreads = 16
    /// Small packs that may gather before they are made one.
    public static let loosePacks = 64
    /// Times a file that changes while it is read is read again.
    public static let changedFileRetries = 2
    /// Largest object that is read from a store into memory when no range is given.
    public static let objectBytesInMemory = 64 << 20
    /// Objects sent or fetched at once.
    public static let transfersAtOnce = 4
    /// Most damaged objects, commits and paths that a report names each.
    public static let namedDamages = 10_000
    /// How long objects that nothing refers to are kept, so that a running writer loses nothing.
    public static let garbageGraceSeconds = 3_600
}
