package import MartletCore

/// Who changes a lake, and when.
package struct WorkAuthor: Hashable, Sendable {
    /// As `name@machine`.
    package var name: String
    package var time: Timestamp

    package init(name: String, time: Timestamp) {
        self.name = name
        self.time = time
    }
}

/// What a command made of a branch.
package struct CommitResult: Hashable, Sendable {
    /// The commit.
    package var commit: ObjectID
    /// The branch that points to it; nil where no branch is checked out.
    package var branch: BranchName?
    /// At how many paths it differs from the commit before it.
    package var changes = 0
    /// What happened to the files.
    package var files = MoveReport()
    /// Whether the branch only went forward, to a commit that was there.
    package var isFastForward = false
    /// Whether there was nothing to do.
    package var isUnchanged = false
}
