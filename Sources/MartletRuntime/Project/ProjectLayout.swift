/// Where everything of a project is on disk.
public struct ProjectLayout: Hashable, Sendable {
    /// The project's root folder; absolute.
    public let root: String

    /// A layout with the absolute path `root` as the project's folder.
    public init(root: String) { self.root = root }

    /// All that Martlet writes.
    public var state: String { "\(root)/.martlet" }
    /// The state store, unless the project file names another.
    public var database: String { "\(state)/martlet.db" }
    /// Cached virtual environments.
    public var pythonCache: String { "\(state)/cache/python" }
    /// The folder of all runs.
    public var runs: String { "\(state)/runs" }
}
