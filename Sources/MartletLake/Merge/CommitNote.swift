public import MartletCore

/// What the maker of a commit says about it.
public struct CommitNote: Hashable, Sendable {
    /// Who makes it, as `name@machine`.
    public var author: String
    /// When.
    public var time: Timestamp
    /// What is done, in a line; nil leaves it to what is done.
    public var message: String?
    /// The run that makes it; nil for a person.
    public var run: RunOrigin?
    /// Whatever else there is to say.
    public var metadata: [String: String]

    /// A note of `author`.
    public init(
        author: String,
        time: Timestamp,
        message: String? = nil,
        run: RunOrigin? = nil,
        metadata: [String: String] = [:]
    ) {
        self.author = author
        self.time = time
        self.message = message
        self.run = run
        self.metadata = metadata
    }
}
