internal import MartletCore
package import MartletLake

/// How the files differ from what is staged, and that from what is committed.
package struct WorkStatus: Hashable, Sendable {
    /// What happened to a file.
    package enum Change: String, Hashable, Sendable, CaseIterable { case added, modified, removed }

    /// A file, and what happened to it.
    package struct Item: Hashable, Sendable {
        package var path: LakePath
        package var change: Change

        package init(path: LakePath, change: Change) {
            self.path = path
            self.change = change
        }
    }

    /// Files of one kind: how many there are, and the first of them.
    package struct Group: Hashable, Sendable {
        package var count = 0
        package var items: [Item] = []

        package init() {}

        package mutating func add(_ path: LakePath, _ change: Change, atMost limit: Int) {
            count += 1
            if items.count < limit { items.append(Item(path: path, change: change)) }
        }
    }

    /// Where the working tree stands.
    package var position: WorkPosition
    /// How many commits the branch has that the working tree has not seen; nil when it is not behind.
    package var behind: Int?
    /// What the next commit would change.
    package var staged = Group()
    /// What `add` would stage of files that are followed.
    package var changed = Group()
    /// Files that are not in the lake, below folders that are followed.
    package var untracked = Group()
    /// What cannot be in the lake.
    package var problems: [WorkProblem] = []
    /// How many files are followed.
    package var files = 0

    /// Whether the working tree is as the last commit.
    package var isClean: Bool { staged.count + changed.count + untracked.count == 0 && problems.isEmpty }

    package init(position: WorkPosition) { self.position = position }
}
