internal import Foundation
public import MartletCore
internal import MartletLake

extension Transfer {
    /// Sends branches and tags with all that they need.
    ///
    /// Commits that only the other side's branch has are cut off from it only with `force`.
    ///
    /// - Returns: what became of each ref.
    /// - Throws: ``MartletError`` MT3034 when commits would be cut off, MT3004 when someone else moved a ref meanwhile,
    ///   MT3030 or MT3031 when the lake here is damaged; what the store throws.
    public func push(
        _ refs: [Ref],
        force: Bool = false,
        by: String,
        at: Timestamp,
        progress: Progress? = nil
    ) async throws(MartletError) -> TransferReport {
        var report = TransferReport()
        if try await !remote.exists() {
            do throws(MartletError) {
                try await store.write(Lake.format, to: "format", if: .ifAbsent)
            } catch {
                // Someone else was quicker.
                guard error.code == .objectConditionFailed else { throw error }
            }
        }
        let heads = try await remote.heads()
        for ref in refs {
            report.refs.append(try plan(ref, heads.first { $0.ref == ref }, force: force))
        }
        let wanted = report.refs.filter { $0.outcome != .upToDate && $0.outcome != .ahead }.map(\.to)
        if !wanted.isEmpty { try await sendObjects(of: wanted, heads.map(\.commit), &report, progress) }
        for moved in report.refs where moved.outcome != .ahead {
            if moved.outcome != .upToDate {
                try await set(moved, heads.first { $0.ref == moved.ref }?.tag)
            }
            try track(moved.ref, moved.to, by: by, why: "push to \(store.location)", at: at)
        }
        return report
    }

    private func plan(
        _ ref: Ref,
        _ there: RemoteLake.Head?,
        force: Bool
    ) throws(MartletError) -> TransferReport.Moved {
        guard let here = try lake.refs.head(of: ref) else {
            throw MartletError(.refUnknown, "there is no \(ref)", remedy: "name one that `martlet lake branch` lists")
        }
        guard let there else { return TransferReport.Moved(ref: ref, from: nil, to: here, outcome: .created) }
        var moved = TransferReport.Moved(ref: ref, from: there.commit, to: here, outcome: .moved)
        if there.commit == here {
            moved.outcome = .upToDate
            return moved
        }
        let history = CommitHistory(objects: lake.objects)
        if case .branch = ref, lake.objects.contains(there.commit) {
            if try history.isAncestor(there.commit, of: here) { return moved }
            if try history.isAncestor(here, of: there.commit), !force {
                moved.outcome = .ahead
                return moved
            }
        }
        guard force else {
            throw MartletError(
                .pushNotFastForward,
                "\(ref) in \(store.location) has commits that are not here",
                reason: "it points to \(there.commit.short)",
                remedy: "pull and merge first, or push with --force to cut them off"
            )
        }
        moved.outcome = .forced
        return moved
    }

    private func set(_ moved: TransferReport.Moved, _ tag: ObjectTag?) async throws(MartletError) {
        do throws(MartletError) {
            let condition: PutCondition = tag.map { .ifMatches($0) } ?? .ifAbsent
            try await store.write(Array("\(moved.to.hex)\n".utf8), to: "refs/\(moved.ref.fileName)", if: condition)
        } catch {
            guard error.code == .objectConditionFailed else { throw error }
            throw MartletError(
                .refMoved,
                "\(moved.ref) in \(store.location) was moved by someone else meanwhile",
                reason: error.reason,
                remedy: "pull, then push again"
            )
        }
    }

    private func sendObjects(
        of commits: [ObjectID],
        _ known: [ObjectID],
        _ report: inout TransferReport,
        _ progress: Progress?
    ) async throws(MartletError) {
        // Packs may not go away here while they are sent, nor become others. In this order, as a collector takes them.
        let lake = lake
        let keeping = try await Blocking.run { () throws(MartletError) in
            SharedLock(try FileLock.take(lake.repackLock, .shared))
        }
        defer { _ = keeping }
        try lake.enterSession()
        defer { lake.leaveSession() }
        let there = try await remote.packs()
        var indexes: [PackIndex] = []
        let set = lake.objects.reload()
        for (pack, size) in there where set.packs[pack] == nil {
            indexes.append(try await remote.index(of: pack, size: size))
        }
        let outgoing = "\(lake.folder)/outgoing"
        let plan = try await Blocking.run { [indexes] () throws(MartletError) in
            let lock = try FileLock.take("\(lake.folder)/outgoing.lock", .exclusive)
            defer { _ = lock }
            let search = PushSearch(
                lake.objects,
                have: { id, pack in
                    there[pack] != nil || indexes.contains { $0.position(of: id) != nil }
                }
            )
            try search.know(known)
            try search.need(commits)
            return try search.packs(in: outgoing)
        }
        let count = Self.counting(plan.reduce(0) { $0 + $1.bytes }, progress)
        let store = store
        try await Self.each(plan) { pack throws(MartletError) in
            try await store.send(pack.path, to: RemoteLake.name(of: pack.name), progress: count)
        }
        for pack in plan where pack.isMade {
            // It is only there: the next push knows what it holds.
            if let file = PackFile(name: pack.name, path: pack.path) { try remote.keep(file.index.copy, of: pack.name) }
            unlink(pack.path)
        }
        report.packs = plan.count
        report.bytes = plan.reduce(0) { $0 + $1.bytes }
    }
}
