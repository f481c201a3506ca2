public import MartletCore

/// Something that both sides of a merge changed differently.
public struct MergeConflict: Hashable, Sendable {
    /// How the changes collide.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Both have another file than before, and not the same.
        case bothChanged = "both_changed"
        /// One changed the file, the other removed it.
        case changedAndRemoved = "changed_and_removed"
        /// One has a file where the other has a folder.
        case fileAndFolder = "file_and_folder"
        /// Both changed files of one dataset.
        case dataset
    }

    /// How the changes collide.
    public var kind: Kind
    /// The path; of a dataset the first at which the sides differ.
    public var path: LakePath
    /// The dataset; nil for a file that counts by itself.
    public var dataset: DatasetID?
    /// The file at the path in the common ancestor; nil when there was none.
    public var base: FileEntry?
    /// The file on the side that is merged into.
    public var ours: FileEntry?
    /// The file on the side that is merged.
    public var theirs: FileEntry?

    init(_ kind: Kind, _ step: MergeStep, dataset: DatasetID? = nil) {
        self.kind = kind
        path = step.path
        self.dataset = dataset
        base = step.base
        ours = step.ours
        theirs = step.theirs
    }
}

extension MergeConflict: CustomStringConvertible {
    /// The conflict in a line.
    public var description: String {
        switch kind {
        case .bothChanged: "\(path): both sides \(base == nil ? "added" : "changed") it"
        case .changedAndRemoved:
            "\(path): \(ours == nil ? "removed here" : "changed here"), "
                + (theirs == nil ? "removed there" : "changed there")
        case .fileAndFolder: "\(path): a file \(ours == nil ? "there, a folder here" : "here, a folder there")"
        case .dataset: "dataset \(dataset?.rawValue ?? ""): both sides wrote it (\(path))"
        }
    }
}
