/// What a run is to do once more, to see whether the same comes of it.
///
/// Such a run uses no earlier results, and is never published.
public struct Reproduction: Hashable, Codable, Sendable {
    /// The run that is reproduced.
    public var run: RunID
    /// For each source that it read, a commit that has the state it read.
    public var sources: [DatasetID: ObjectID]
    /// The time that it stood for, which the steps are told.
    public var occasion: RunOccasion

    /// A reproduction of `run`.
    public init(of run: RunID, sources: [DatasetID: ObjectID], occasion: RunOccasion) {
        self.run = run
        self.sources = sources
        self.occasion = occasion
    }
}
