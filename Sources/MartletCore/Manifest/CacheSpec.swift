/// Whether a step's earlier results may be used again, and what they depend on.
public struct CacheSpec: Hashable, Codable, Sendable {
    /// Whether results are used again; nil means: when the step has inputs and outputs.
    public var isEnabled: Bool?
    /// Files that the step's code is in, as patterns below the project; nil finds them from the action.
    public var code: [String]?
    /// The parameters that the step looks at; nil means all.
    public var params: [String]?

    /// What results depend on; by default all parameters, and the files that the action names.
    public init(isEnabled: Bool? = nil, code: [String]? = nil, params: [String]? = nil) {
        self.isEnabled = isEnabled
        self.code = code
        self.params = params
    }

    enum CodingKeys: String, CodingKey {
        case isEnabled = "enabled"
        case code, params
    }
}

/// Where the data of a pipeline's successful runs goes.
public struct PublishSpec: Hashable, Codable, Sendable {
    /// What happens when someone else has changed the same datasets since the run began.
    public enum Conflicts: String, Codable, Hashable, Sendable, CaseIterable {
        /// The run fails; its data stays on its branch.
        case fail
        /// The run's datasets replace those of the others, each as a whole.
        case replace
    }

    /// The branch that takes it.
    public var target: BranchName
    /// What happens when someone else was quicker.
    public var conflicts: Conflicts

    /// Publishing in `main`, where the quicker run wins, unless told otherwise.
    public init(target: BranchName = .main, conflicts: Conflicts = .fail) {
        self.target = target
        self.conflicts = conflicts
    }

    enum CodingKeys: String, CodingKey {
        case target = "to"
        case conflicts
    }
}
