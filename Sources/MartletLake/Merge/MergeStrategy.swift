/// What a merge does where both sides changed the same thing differently.
public enum MergeStrategy: String, Codable, Hashable, Sendable, CaseIterable {
    /// Reports the conflict and merges nothing.
    case fail
    /// Takes what the branch that is merged into has.
    case ours
    /// Takes what the branch that is merged has.
    case theirs
}

/// What counts as the same thing when both sides of a merge changed it.
public enum MergeScope: String, Codable, Hashable, Sendable, CaseIterable {
    /// A file.
    case files
    /// A dataset with all its files: a merge never mixes the files of two writers. Files of no dataset count one by one.
    case datasets
}
