/// The lake as runs see it: each run has a branch of its own, and what it made reaches others only as a whole.
///
/// Commits and publications are durable when the call returns. Calls for one run may come at once from several steps.
/// Blocking work happens off the cooperative pool.
public protocol RunLake: Sendable {
    /// Opens the branch of a run at the head of `target`; one that is open stays where it is.
    ///
    /// - Returns: the commit that the branch began at; nil for a lake without any commit.
    func open(_ run: RunID, from target: BranchName) async throws(MartletError) -> ObjectID?

    /// The commit that `reference` (a branch, a tag, a commit, `main~2`) stands for now.
    ///
    /// - Throws: ``MartletError`` MT3003 when there is none.
    func commit(named reference: String) async throws(MartletError) -> ObjectID

    /// How a dataset, or one part of it, stands in `commit`; nil when it is not there.
    func version(of dataset: DatasetID, part: Int?, at commit: ObjectID) async throws(MartletError) -> LakeDataset?

    /// Commits files to the run's branch, and datasets of other commits; each replaces what its dataset had.
    ///
    /// Nothing new is committed when the branch has all of it already.
    ///
    /// - Returns: the branch's head, and how each dataset stands in it, in the order of `writings`.
    /// - Throws: ``MartletError`` MT3103 when files of two datasets would have one name, MT3033 when a file changes
    ///   while it is read.
    func commit(
        _ writings: [LakeWriting],
        to run: RunID,
        message: String,
        origin: RunOrigin,
        at now: Timestamp
    ) async throws(MartletError) -> (head: ObjectID, datasets: [LakeDataset])

    /// Puts the files of a dataset, or of one part of it, below `folder`.
    ///
    /// - Returns: the path of its file, or of the folder of its files.
    /// - Throws: ``MartletError`` MT3102 when the commit has no such dataset.
    func checkOut(
        _ dataset: DatasetID,
        part: Int?,
        at commit: ObjectID,
        into folder: String
    ) async throws(MartletError) -> String

    /// What the file system says of the file or folder at `path`: changes whenever its content does; nil when there is
    /// nothing.
    func stamp(of path: String) async -> String?

    /// Merges the run's branch into `target`: all of it or nothing.
    ///
    /// Parts of mapped datasets beyond those in `parts` are dropped first. A run that was published before is not
    /// published again, but told of anew.
    ///
    /// - Returns: the commit of `target` that has it.
    /// - Throws: ``MartletError`` MT3100 when someone else changed one of its datasets meanwhile.
    func publish(
        _ run: RunID,
        to target: BranchName,
        replacing: Bool,
        parts: [DatasetID: Set<Int>],
        message: String,
        origin: RunOrigin,
        at now: Timestamp
    ) async throws(MartletError) -> ObjectID

    /// Lets go of the branch of a run that was published; its commits stay, as part of the target's history.
    func close(_ run: RunID) async throws(MartletError)
}

/// What a run writes to its branch.
public struct LakeWriting: Hashable, Sendable {
    /// Where the data is.
    public enum Source: Hashable, Sendable {
        /// A file or folder; absolute.
        case path(String)
        /// In the lake already, under the same dataset.
        case commit(ObjectID)
    }

    /// The dataset.
    public var dataset: DatasetID
    /// Where its data is.
    public var source: Source
    /// The format, which gives a single file its extension.
    public var format: DatasetFormat?
    /// Which part of the dataset it is, for a mapped step's instance; the other parts stay.
    public var part: Int?

    /// The data at `source` as `dataset`.
    public init(dataset: DatasetID, source: Source, format: DatasetFormat? = nil, part: Int? = nil) {
        self.dataset = dataset
        self.source = source
        self.format = format
        self.part = part
    }
}

/// A dataset as one commit has it.
public struct LakeDataset: Hashable, Sendable {
    /// The SHA-256 that stands for its files, or for those of the part that was written.
    public var digest: ObjectID
    /// How many files it has.
    public var files: Int
    /// The size of all files.
    public var bytes: Int

    /// A dataset with these figures.
    public init(digest: ObjectID, files: Int, bytes: Int) {
        self.digest = digest
        self.files = files
        self.bytes = bytes
    }
}
