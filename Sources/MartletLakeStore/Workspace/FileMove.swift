internal import MartletCore

/// What happens to a file when the working tree goes to another tree: a pure decision.
enum FileMove: Hashable {
    /// The file stays, and is known to have what the tree has.
    case keep(WorkStamp)
    /// The file stays as somebody changed it; the tree has the same there before and after.
    case leave
    /// The file is written.
    case write
    /// The file is removed.
    case remove
    /// The file has something that is nowhere else, so it stays and all of it is off.
    case obstacle
    /// It has to be read first.
    case read
    /// Nothing is there, nor is to be.
    case nothing

    /// What the tree is to have at a key.
    struct Target: Hashable {
        var content: ObjectID
        var size: Int64
        var isExecutable: Bool
    }

    /// Decides.
    ///
    /// `record`: what the tree before has there; nil when nothing. `target`: what the tree after has there; nil when
    /// nothing. `found`: what the working tree has there; nil when nothing. `finding`: what reading the file told; nil
    /// when it was not read. `isForced`: whether changes may be lost.
    static func decide(
        record: IndexRecord?,
        target: Target?,
        found: FolderWalk.Found?,
        finding: ContentCheck.Finding? = nil,
        isForced: Bool
    ) -> FileMove {
        guard let found else { return target == nil ? .nothing : .write }
        guard let stamp = found.stamp else {
            if target == nil, record == nil { return .nothing }
            return !isForced ? .obstacle : target == nil ? .remove : .write
        }
        let isClean = record?.stamp == stamp
        guard let target else {
            guard let record else { return .nothing }
            if isClean || isForced { return .remove }
            if stamp.size != record.size { return .obstacle }
            guard let finding else { return .read }
            return finding.content == record.content ? .remove : .obstacle
        }
        if isClean, let record {
            let isSame = record.content == target.content && stamp.isExecutable == target.isExecutable
            return isSame ? .keep(stamp) : .write
        }
        let isStaying = record.map { $0.content == target.content && $0.isExecutable == target.isExecutable } ?? false
        let couldBeKnown = stamp.size == target.size || stamp.size == record?.size
        if couldBeKnown {
            guard let finding else { return .read }
            if finding.content == target.content {
                if finding.stamp.isExecutable == target.isExecutable { return .keep(finding.stamp) }
                return isForced || !isStaying ? .write : .leave
            }
            if finding.content == record?.content { return .write }
        }
        if isForced { return .write }
        return isStaying ? .leave : .obstacle
    }
}
