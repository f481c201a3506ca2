internal import Foundation
public import MartletCore
public import MartletLake
internal import Synchronization

// How nothing that is wanted is lost, whatever writers do meanwhile:
//
// 1. A pack whose file is younger than the grace period is left alone. So what a writer has just written stays until a ref
//    can point to it.
// 2. A writer that finds an object in a pack, and so does not write it, makes the pack look new, while it holds the lake's
//    lock shared (`LakeWriter.rely`).
// 3. What is live is found, and packs with what is left of others are written, beside writers. Then the collector takes the
//    lock alone: no writer is in the middle of anything. It looks at refs once more, and at the time of every pack that it
//    is about to remove. A pack that was touched since, or holds something that came to be live, stays.
// 4. A writer that comes later finds the pack gone when it wants to rely on it, though it may have it mapped, and looks
//    again.
//
// A branch moved to an old commit after step 3 is safe as well: its objects are live by the journal of moves, or were
// garbage for the whole grace period.
extension Lake {
    /// Removes what nothing refers to.
    ///
    /// Roots are branches, tags, moves and what `retention` says of them, the ids in `workspace/roots`, one on a line, and
    /// those of the options. A pack that is all garbage goes; one with more than a third of garbage is written anew.
    /// Waits for writers at the end, for a moment.
    ///
    /// `progress`: told how many of how many packs were looked at.
    /// - Throws: ``MartletError`` MT3030, MT3031 or MT3006 when the lake is damaged where it must be read, and nothing is
    ///   removed; MT8004 or MT8005 when it cannot be written.
    public func collect(
        _ retention: RetentionPolicy = RetentionPolicy(),
        _ options: CollectOptions = CollectOptions(),
        now: Timestamp,
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws(MartletError) -> CollectReport {
        let alone = try FileLock.take(repackLock, .exclusive)
        defer { _ = alone }
        var report = CollectReport()
        if !options.isDryRun { report.freedBytes += PackFolder.removeLeftovers(in: packFolder) }
        let set = objects.reload()
        let times = set.packs.mapValues { Self.modified($0.path) }
        let marks = Marks(objects, toleratesMissing: options.ignoresDamage)
        let decision = try decide(retention, options, now)
        report.expiredBranches = decision.expired
        try mark(marks, decision, options)

        let limit = now - .seconds(options.graceSeconds)
        var candidates: [Candidate] = []
        for (done, handle) in set.packs.values.sorted(by: { $0.name < $1.name }).enumerated() {
            progress?(done, set.packs.count)
            guard let pack = handle.opened() else { continue }
            let live = marks.liveBytes[pack.name] ?? 0
            report.objects += pack.index.count
            report.liveObjects += (0..<pack.index.count).count { marks.isMarked(pack.name, $0) }
            guard let time = times[pack.name] ?? nil, time.instant <= limit, !pack.isRecovered else { continue }
            let all =
                pack.bytes - PackFormat.indexBytes(of: pack.index.count) - PackFormat.footerBytes
                - PackFormat.header.count
            if live == 0 || all - live > all / 3 { candidates.append(Candidate(pack: pack, time: time, live: live)) }
        }
        let copied = try rewrite(&candidates, marks, &report, isDryRun: options.isDryRun)
        if options.isDryRun { return report }
        expire(decision.expired, options, now)
        try remove(candidates, marks, retention, options, now, &report)
        report.freedBytes -= copied
        try CombinedIndex.build(over: objects.reload(), at: objects.combinedPath, in: objects.indexFolder)
        objects.reload()
        progress?(set.packs.count, set.packs.count)
        return report
    }

    private struct Candidate {
        var pack: PackFile
        var time: PackTime
        var live: Int
    }

    private struct PackTime: Equatable {
        var nanoseconds: Int64
        var instant: Timestamp { Timestamp(microseconds: nanoseconds / 1_000) }
    }

    private static func modified(_ path: String) -> PackTime? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        return PackTime(nanoseconds: FileStamp(info).modified)
    }

    private func decide(
        _ retention: RetentionPolicy,
        _ options: CollectOptions,
        _ now: Timestamp
    ) throws(MartletError) -> RetentionPolicy.Decision {
        let moves = try refs.moves()
        var last: [String: Timestamp] = [:]
        for move in moves { last[move.ref] = move.at }
        let branches = try refs.branches().map { branch in
            RetentionPolicy.Branch(
                name: branch.name,
                head: branch.commit,
                movedAt: last[Ref.branch(branch.name).fileName] ?? now,
                isInUse: options.inUse.contains(branch.name)
            )
        }
        var tags = try refs.tags().map(\.commit)
        for ref in try refs.names(in: "remotes") { if let commit = try refs.head(of: ref) { tags.append(commit) } }
        return retention.decide(
            branches: branches,
            tags: tags,
            moves: moves.map { RetentionPolicy.Move(from: $0.from, to: $0.to, at: $0.at) },
            at: now
        )
    }

    private func mark(
        _ marks: Marks,
        _ decision: RetentionPolicy.Decision,
        _ options: CollectOptions
    ) throws(MartletError) {
        // A line of the journal may be of a move that was not made, to a commit that never came to be.
        let here = decision.roots.filter { marks.find($0.commit) != nil }
        let heads = Set(try refs.branches().map(\.commit) + refs.tags().map(\.commit))
        if let lost = decision.roots.first(where: { heads.contains($0.commit) && marks.find($0.commit) == nil }) {
            throw Marks.incomplete(lost.commit)
        }
        try marks.mark(here)
        let staged = try Folder.read("\(folder)/workspace/roots") ?? []
        let lines = staged.split(separator: 0x0a).compactMap { ObjectID(hex: String(decoding: $0, as: UTF8.self)) }
        for id in lines + options.keeping { try marks.markAll(id) }
    }

    /// Writes packs with what is live in the candidates; the bytes they take.
    private func rewrite(
        _ candidates: inout [Candidate],
        _ marks: Marks,
        _ report: inout CollectReport,
        isDryRun: Bool
    ) throws(MartletError) -> Int {
        if isDryRun {
            report.removedPacks = candidates.count
            report.freedBytes = candidates.reduce(0) { $0 + $1.pack.bytes - $1.live }
            return 0
        }
        var copier = RecordCopier(into: packFolder)
        let scratch = ObjectScratch()
        var whole: [Candidate] = []
        for candidate in candidates {
            var isWhole = true
            for position in 0..<candidate.pack.index.count where marks.isMarked(candidate.pack.name, position) {
                let record = candidate.pack.index.record(at: position)
                isWhole = try copier.copy(record, from: candidate.pack, scratch) && isWhole
            }
            if isWhole { whole.append(candidate) }
        }
        try copier.finish()
        // Everything in a pack may be live but for its damage; and a copy may be what it was copied from.
        candidates = whole.filter { !copier.packs.contains($0.pack.name) }
        report.writtenPacks = copier.packs.count
        return copier.bytes
    }

    private func expire(_ branches: [BranchName], _ options: CollectOptions, _ now: Timestamp) {
        for name in branches {
            guard let head = refs.branch(name) else { continue }
            // Someone who moved it meanwhile keeps it.
            _ = try? move(branch: name, from: head, to: nil, by: options.by, why: "its time was over", at: now)
        }
    }

    private func remove(
        _ candidates: [Candidate],
        _ marks: Marks,
        _ retention: RetentionPolicy,
        _ options: CollectOptions,
        _ now: Timestamp,
        _ report: inout CollectReport
    ) throws(MartletError) {
        let gate = try FileLock.take("\(folder)/gate", .exclusive)
        let lock = try FileLock.take("\(folder)/lock", .exclusive)
        defer {
            _ = gate
            _ = lock
        }
        try mark(marks, decide(retention, options, now), options)
        for candidate in candidates {
            let isTouched = Self.modified(candidate.pack.path) != candidate.time
            if isTouched || (marks.liveBytes[candidate.pack.name] ?? 0) != candidate.live {
                report.keptPacks += 1
                continue
            }
            if unlink(candidate.pack.path) == 0 {
                report.removedPacks += 1
                report.freedBytes += candidate.pack.bytes
            }
        }
        try Folder.sync(packFolder)
    }
}
