/// How files get into the working tree.
package enum LinkMode: String, Hashable, Sendable, CaseIterable {
    /// Each file has bytes of its own.
    case copy
    /// Files are names of the lake's read-only copies: no space and little time, but they must not be written to.
    case hardlink
    /// Files share blocks with the lake's copies until they are written to; on file systems that can (Btrfs, XFS).
    case reflink
}

/// What going to another tree did to the files.
package struct MoveReport: Hashable, Sendable {
    /// Files that were written, removed, and found to be right.
    package var written = 0, removed = 0, unchanged = 0
    /// Files that differ from the tree and stay so, because somebody changed them and the trees do not.
    package var left = 0
    /// The bytes of what was written.
    package var bytes = 0
}
