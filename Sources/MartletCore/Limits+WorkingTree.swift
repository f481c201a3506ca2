extension Limits {
    /// Most files that `lake add` and `lake checkout` have in hand at once.
    public static let filesPerBatch = 16_384
    /// Most bytes of files that `lake add` has in hand at once; a single larger file is read in parts.
    public static let bytesPerBatch = 256 << 20
    /// Most records of the index that wait for files before them to be read.
    public static let recordsPerBatch = 65_536
    /// Most changes of a tree that are gathered before they are applied.
    public static let editsPerBatch = 65_536
    /// Most files named when a command refuses.
    public static let workProblems = 1_000
    /// Most names of a folder that a mistyped one is compared with.
    public static let namesCompared = 2_000
    /// Most commits counted that a branch is ahead or behind.
    public static let commitsCounted = 1_000
    /// Most folders that a summary of differences lists.
    public static let foldersListed = 1_000
    /// Most files named of each kind in JSON unless all are asked for.
    public static let listedFiles = 10_000
    /// Most files shown of each kind unless all are asked for.
    public static let shownFiles = 20
}
