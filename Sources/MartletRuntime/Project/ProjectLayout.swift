/// Where everything of a project is on disk.
public struct ProjectLayout: Hashable, Sendable {
    /// The project's root folder; absolute.
    public let root: String

    /// All that Martlet writes; absolute.
    public let state: String

    /// A layout with the absolute path `root` as the project's folder, and its state in `.martlet` there unless `state`
    /// names another place.
    public init(root: String, state: String? = nil) {
        self.root = root
        self.state = state ?? "\(root)/.martlet"
    }

    /// The state store, unless the project file names another.
    public var database: String { "\(state)/martlet.db" }
    /// The keys that secrets are sealed with, unless the environment gives them.
    public var secretKey: String { "\(state)/secret.key" }
    /// The lake: all versions of the project's data.
    public var lake: String { "\(state)/lake" }
    /// Cached virtual environments.
    public var pythonCache: String { "\(state)/cache/python" }
    /// The folder of all runs.
    public var runs: String { "\(state)/runs" }
}
