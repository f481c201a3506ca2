internal import Foundation
public import MartletCore
internal import MartletLake

extension Transfer {
    /// Copies what the other side has and notes where its branches are; branches here stay where they are.
    ///
    /// - Throws: ``MartletError`` MT3035 when there is no lake, MT3040 when a pack or ref there is damaged; MT8004 or MT8005
    ///   when the lake here cannot be written; what the store throws.
    public func fetch(
        by: String,
        at: Timestamp,
        progress: Progress? = nil
    ) async throws(MartletError) -> TransferReport {
        try await fetched(by: by, at: at, progress: progress).report
    }

    /// Fetches, and moves branches here forward to those of the other side; tags that are not here are made.
    ///
    /// Without names of branches, all that are here move; with `creating`, every branch of the other side is made that is
    /// not here, those of runs left out.
    ///
    /// - Returns: what became of each; a branch with commits of its own is not moved.
    /// - Throws: as ``fetch(by:at:progress:)``, and MT3003 for a branch that the other side does not have.
    public func pull(
        _ branches: [BranchName]? = nil,
        creating: Bool = false,
        by: String,
        at: Timestamp,
        progress: Progress? = nil
    ) async throws(MartletError) -> TransferReport {
        var (report, heads) = try await fetched(by: by, at: at, progress: progress)
        for name in branches ?? [] where !heads.contains(where: { $0.ref == .branch(name) }) {
            throw MartletError(
                .refUnknown,
                "\(store.location) has no branch \(name)",
                remedy: "name one of: \(heads.map(\.ref.name).prefix(10).joined(separator: ", "))"
            )
        }
        let why = "pull from \(store.location)"
        for head in heads {
            let here = try lake.refs.head(of: head.ref)
            if case .branch(let name) = head.ref {
                if let branches, !branches.contains(name) { continue }
                let isOfRun = name.rawValue.hasPrefix("run/")
                if here == nil, branches == nil, !creating || isOfRun { continue }
            }
            var moved = TransferReport.Moved(ref: head.ref, from: here, to: head.commit, outcome: .created)
            if let here { moved.outcome = try outcome(head, here) }
            if moved.outcome == .created || moved.outcome == .moved {
                try lake.move(head.ref, from: here, to: head.commit, by: by, why: why, at: at)
            }
            report.refs.append(moved)
        }
        return report
    }

    /// Makes a copy of a lake in a folder where there is none, with all its branches but those of runs.
    ///
    /// Called again after it was cut off, it goes on.
    ///
    /// - Throws: as ``fetch(by:at:progress:)``.
    public static func clone(
        _ store: any ObjectStore,
        into folder: String,
        name: String = "origin",
        by: String,
        at: Timestamp,
        progress: Progress? = nil
    ) async throws(MartletError) -> (lake: Lake, report: TransferReport) {
        let remote = RemoteLake(store: store, cache: "")
        guard try await remote.exists() else { throw Self.noLake(store) }
        let lake = try Lake.open(folder)
        let transfer = Transfer(lake, store, name: name)
        return (lake, try await transfer.pull(creating: true, by: by, at: at, progress: progress))
    }

    private func outcome(_ head: RemoteLake.Head, _ here: ObjectID) throws(MartletError) -> TransferReport.Moved.Outcome
    {
        if here == head.commit { return .upToDate }
        // A tag stays what it is.
        guard case .branch = head.ref else { return .diverged }
        let history = CommitHistory(objects: lake.objects)
        if try history.isAncestor(here, of: head.commit) { return .moved }
        return try history.isAncestor(head.commit, of: here) ? .ahead : .diverged
    }

    static func noLake(_ store: any ObjectStore) -> MartletError {
        MartletError(
            .lakeNotFound,
            "there is no lake in \(store.location)",
            remedy: "check the address, or push to it first"
        )
    }

    private func fetched(
        by: String,
        at: Timestamp,
        progress: Progress?
    ) async throws(MartletError) -> (report: TransferReport, heads: [RemoteLake.Head]) {
        guard try await remote.exists() else { throw Self.noLake(store) }
        var report = TransferReport()
        // Refs before packs: what they point to is there already.
        let heads = try await remote.heads()
        try lake.enterSession()
        defer { lake.leaveSession() }
        try await fetchPacks(&report, progress)
        for head in heads {
            guard lake.objects.contains(head.commit) else {
                throw MartletError(
                    .lakeDamaged,
                    "\(head.ref) in \(store.location) points to a commit that is not there",
                    reason: "no pack there has \(head.commit.short)",
                    remedy: "push from a copy that has it"
                )
            }
            try track(head.ref, head.commit, by: by, why: "fetch from \(store.location)", at: at)
        }
        return (report, heads)
    }

    private func fetchPacks(_ report: inout TransferReport, _ progress: Progress?) async throws(MartletError) {
        let lake = lake
        let incoming = "\(lake.folder)/incoming"
        // One at a time: a second one would write to the same files.
        let lock = try await Blocking.run { () throws(MartletError) in
            try Folder.make(incoming)
            return SharedLock(try FileLock.take("\(lake.folder)/incoming.lock", .exclusive))
        }
        defer { _ = lock }
        let set = lake.objects.reload()
        var wanted: [(name: ObjectID, size: Int)] = []
        for (name, size) in try await remote.packs().sorted(by: { $0.key < $1.key }) where set.packs[name] == nil {
            // Its objects may be here in other packs.
            let index = set.packs.isEmpty ? nil : try await remote.index(of: name, size: size)
            if let index, try lake.has(all: index) { continue }
            wanted.append((name, size))
        }
        let count = Self.counting(wanted.reduce(0) { $0 + $1.size }, progress)
        let store = store
        let remote = remote
        try await Self.each(wanted) { [wanted] pack throws(MartletError) in
            _ = wanted
            let path = PackFolder.path(of: pack.name, in: incoming)
            // What an earlier try left may be damaged: then once more from the start.
            for isLast in [false, true] {
                let name = RemoteLake.name(of: pack.name)
                guard try await store.fetch(name, into: path, progress: count) else { throw remote.damaged(pack.name) }
                if try await Blocking.run({ () throws(MartletError) in try lake.takeIn(pack.name, from: path) }) {
                    return
                }
                unlink(path)
                if isLast { throw remote.damaged(pack.name) }
            }
        }
        if !wanted.isEmpty { try Folder.sync(lake.packFolder) }
        report.packs = wanted.count
        report.bytes = wanted.reduce(0) { $0 + $1.size }
    }
}
