/// Something that an import or export could not carry over as it is.
public struct DVCProblem: Hashable, Codable, Sendable {
    /// The kinds of problems.
    public enum Kind: String, Hashable, Codable, Sendable {
        /// The content is neither in the cache, nor in a remote that is a folder, nor in the workspace.
        case missing
        /// What is stored does not have the hash it is stored under.
        case damaged
        /// It lies outside of the repository, or in a cloud.
        case outside
        /// Nothing names the content, as before the first `dvc commit`.
        case unhashed
        /// The lake does not have it any more.
        case removed
    }

    /// What kind of problem it is.
    public var kind: Kind
    /// The tracked path.
    public var path: String
    /// The file that tracks it.
    public var file: String
    /// The hash it is tracked by, when there is one.
    public var hash: String?
    /// The commit of git, when it is about one of a history.
    public var commit: String?

    /// A problem with `path`.
    public init(_ kind: Kind, path: String, file: String, hash: String? = nil, commit: String? = nil) {
        self.kind = kind
        self.path = path
        self.file = file
        self.hash = hash
        self.commit = commit
    }
}
