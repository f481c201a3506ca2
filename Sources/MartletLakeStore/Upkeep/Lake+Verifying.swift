internal import Foundation
public import MartletCore
internal import MartletLake
internal import Synchronization

extension Lake {
    /// Reads every object and checks it against its id, then follows every ref and names what damage touches.
    ///
    /// An object with a whole copy in another pack is not damaged. What is damaged is noted in the lake, so that adding the
    /// file again, or pulling, stores it again.
    ///
    /// `progress` is told, from any thread, how many of how many bytes of packs are checked.
    ///
    /// - Returns: what was found.
    /// - Throws: ``MartletError`` MT3037 when the lake cannot be read at all, MT8004 or MT8005 when its notes cannot be
    ///   written. Damage is no error but in the report.
    public func verify(
        progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws(MartletError) -> VerifyReport {
        let set = objects.reload()
        let packs = set.packs.values.compactMap { $0.opened() }.sorted { $0.name < $1.name }
        var report = VerifyReport()
        report.packs = packs.count
        report.bytes = packs.reduce(0) { $0 + $1.bytes }
        report.objects = packs.reduce(0) { $0 + $1.index.count }
        report.damagedIndexes = packs.filter { $0.isRecovered || !$0.index.matches($0.name) }.map(\.name)
        var bad = try check(packs, total: report.bytes, progress)
        // A copy elsewhere may be whole.
        bad = bad.filter { damage in
            !set.places(of: damage.id).contains { $0.pack.object(at: $0.position) != nil }
        }
        var survey = DamageSurvey(objects, Set(bad.map(\.id)))
        for ref in try refs.names(in: "branches") + refs.names(in: "tags") + refs.names(in: "remotes") {
            do throws(MartletError) {
                if let head = try refs.head(of: ref) { survey.follow(head) }
            } catch {
                report.damagedRefs.append("\(ref): \(error.message)")
            }
        }
        report.touchedCommits = survey.touched
        report.lostFiles = survey.lostFiles
        report.damages =
            bad
            + survey.missing.map { id in
                VerifyReport.Damage(id: id, kind: nil, pack: nil, what: "no pack has it")
            }
        try objects.note(damaged: Set(report.damages.map(\.id)))
        return report
    }

    private func check(
        _ packs: [PackFile],
        total: Int,
        _ progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
    ) throws(MartletError) -> [VerifyReport.Damage] {
        let found = Mutex<[VerifyReport.Damage]>([])
        let done = Atomic<Int>(0)
        try Parallel.forPieces(of: packs.count, piece: 1) { () throws(MartletError) -> ObjectScratch in
            ObjectScratch()
        } _: { range, scratch throws(MartletError) in
            for pack in packs[range] {
                // In the order of the file, which the disk likes best.
                let records = (0..<pack.index.count).map { pack.index.record(at: $0) }.sorted { $0.offset < $1.offset }
                for record in records {
                    let what: String
                    if let stored = pack.stored(record) {
                        if scratch.unpacked(record, stored) != nil { continue }
                        what = "its bytes do not have that SHA-256"
                    } else {
                        what = "its record is not where the index says"
                    }
                    let damage = VerifyReport.Damage(
                        id: record.id,
                        kind: ObjectKind(rawValue: record.kind),
                        pack: pack.name,
                        what: what
                    )
                    found.withLock { if $0.count < Limits.namedDamages { $0.append(damage) } }
                }
                let sum = done.wrappingAdd(pack.bytes, ordering: .relaxed).newValue
                progress?(sum, total)
            }
        }
        return found.withLock { $0.sorted { $0.id < $1.id } }
    }
}
