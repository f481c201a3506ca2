public import MartletCore

/// Finds what names stand for; a store of refs and commits has it.
public protocol RefLookup: Sendable {
    /// The commit at the end of a branch; nil when there is no such branch.
    func branch(_ name: BranchName) throws(MartletError) -> ObjectID?
    /// The commit that a tag names; nil when there is no such tag.
    func tag(_ name: TagName) throws(MartletError) -> ObjectID?
    /// The commits whose ids start with these hexadecimal digits of lower case, ordered; ten are enough.
    func commits(withPrefix hex: String) throws(MartletError) -> [ObjectID]
    /// The names of all branches and tags, to offer the nearest one when a name is mistyped.
    func names() throws(MartletError) -> [String]
}
