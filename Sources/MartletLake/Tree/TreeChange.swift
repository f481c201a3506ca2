/// A path at which two trees differ.
public struct TreeChange: Hashable, Sendable {
    /// What happened there.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case added, removed, modified
    }

    /// The path.
    public var path: LakePath
    /// The file of the first tree; nil when it has none there.
    public var old: FileEntry?
    /// The file of the second tree; nil when it has none there.
    public var new: FileEntry?

    /// A difference at `path`.
    public init(path: LakePath, old: FileEntry?, new: FileEntry?) {
        self.path = path
        self.old = old
        self.new = new
    }

    /// What happened on the way from the first tree to the second.
    public var kind: Kind { old == nil ? .added : new == nil ? .removed : .modified }
}
