internal import Foundation
public import MartletCore
internal import MartletLake
internal import Synchronization

/// A lake on disk: its objects, its branches and tags.
///
/// Safe to use from any thread; several processes may have it open.
///
/// Every call blocks; callers on the cooperative pool go elsewhere first.
///
/// Durability: objects are synced to the disk, with their folder, before ``write(_:)-(_)`` returns, and a ref before
/// ``move(branch:from:to:by:why:at:)`` does. After a crash at any instant every ref points to a commit that is there, and
/// what a killed writer left is ignored, then removed.
public final class Lake: Sendable {
    /// The lake's folder, usually `.martlet/lake` of a project.
    public let folder: String
    /// The objects.
    public let objects: PackStore
    /// The branches and tags.
    public let refs: RefStore
    let sessions = Mutex(Sessions())

    private init(folder: String) {
        self.folder = folder
        objects = PackStore(folder: "\(folder)/packs", indexFolder: "\(folder)/index")
        refs = RefStore(lakeFolder: folder, objects: objects)
    }

    /// Opens the lake in a folder, and makes it when it is missing unless told otherwise.
    ///
    /// - Throws: ``MartletError`` MT3035 when there is none, MT3036 when it is of a newer Martlet, MT8004 or MT8005 when it
    ///   cannot be made.
    public static func open(_ folder: String, createIfMissing: Bool = true) throws(MartletError) -> Lake {
        let formatPath = "\(folder)/format"
        if let format = try Folder.read(formatPath) {
            guard format == Self.format else {
                throw MartletError(
                    .lakeTooNew,
                    "the lake in \(folder) has a format that this Martlet does not know",
                    reason: "its file format says \"\(DisplayBytes.text(of: Array(format.prefix(40))))\"",
                    remedy: "use the Martlet that wrote it, or a newer one"
                )
            }
            return Lake(folder: folder)
        }
        guard createIfMissing else {
            throw MartletError(
                .lakeNotFound,
                "there is no lake in \(folder)",
                remedy: "make one with `martlet lake init`, or name another folder"
            )
        }
        for name in ["packs", "index", "refs/branches", "refs/tags", "workspace", "files"] {
            try Folder.make("\(folder)/\(name)")
        }
        // Last, so that a lake with a format is whole.
        try Folder.replace(formatPath, with: Self.format, syncing: folder)
        return Lake(folder: folder)
    }

    static let format = Array("martlet lake 1\n".utf8)

    /// Points a branch somewhere else if it still points where the caller thinks; durable when it returns.
    ///
    /// It points to `from`, nil when there must be no such branch, and is to point to `to`, whose objects a ``write(_:)-(_)``
    /// has completed; nil removes the branch.
    ///
    /// - Throws: ``MartletError`` MT3004 when it points elsewhere; MT8004 or MT8005 when it cannot be written.
    public func move(
        branch: BranchName,
        from: ObjectID?,
        to: ObjectID?,
        by: String,
        why: String,
        at: Timestamp
    ) throws(MartletError) {
        try move(.branch(branch), from: from, to: to, by: by, why: why, at: at)
    }

    /// Sets or removes a tag, as ``move(branch:from:to:by:why:at:)`` does with a branch.
    ///
    /// - Throws: ``MartletError`` MT3004 when it is not where the caller thinks; MT8004 or MT8005.
    public func move(
        tag: TagName,
        from: ObjectID?,
        to: ObjectID?,
        by: String,
        why: String,
        at: Timestamp
    ) throws(MartletError) {
        try move(.tag(tag), from: from, to: to, by: by, why: why, at: at)
    }

    /// Points any ref somewhere else, as ``move(branch:from:to:by:why:at:)`` does with a branch.
    ///
    /// - Throws: ``MartletError`` MT3004 when it is not where the caller thinks; MT8004 or MT8005.
    public func move(
        _ ref: Ref,
        from: ObjectID?,
        to: ObjectID?,
        by: String,
        why: String,
        at: Timestamp
    ) throws(MartletError) {
        try refs.move(HeadMove(at: at, ref: ref, from: from, to: to, by: by, why: why), of: ref)
    }
}
