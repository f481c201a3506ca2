import MartletCore
import MartletLake
import MartletLakeStore

/// What came of a merge, a revert or a cherry-pick.
enum LakeMergeText {
    /// Shows it, and ends with exit code 1 when conflicts kept it from being done.
    static func show(_ report: MergeReport, _ what: String, isTrial: Bool, json: Bool) throws {
        let isStopped = report.result == nil && report.conflictCount > 0 && !report.isUpToDate
        if json {
            Output.result(value(report).jsonText)
        } else {
            for line in lines(report, what, isTrial: isTrial, isStopped: isStopped, .standardError) {
                Output.talk(line)
            }
        }
        if isStopped { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    static func lines(
        _ report: MergeReport,
        _ what: String,
        isTrial: Bool,
        isStopped: Bool,
        _ style: Style
    ) -> [String] {
        if report.isUpToDate { return ["\(report.branch) has all of that already"] }
        let files = LakeText.count(report.changes, "file")
        let conflicts =
            report.conflicts.prefix(Limits.shownFiles).map { conflict in
                "  \(style.bad("!")) \(DisplayText.line(conflict.description))"
            } + LakeText.more(report.conflictCount)
        if isStopped {
            let count = LakeText.count(report.conflictCount, "conflict")
            return ["\(count), so nothing was changed"] + conflicts + [
                style.faint("take one side with --strategy ours or theirs, or make them agree first")
            ]
        }
        var lines: [String] = []
        if report.conflictCount > 0 {
            lines = ["\(LakeText.count(report.conflictCount, "conflict")) settled by the strategy"] + conflicts
        }
        if isTrial {
            let way = report.isFastForward ? "go forward to \(report.theirs.short)" : "take a commit"
            return lines + ["\(report.branch) would \(way): \(files) would change"]
        }
        guard let result = report.result else { return lines }
        let way = report.isFastForward ? "went forward to" : "is at"
        return lines + ["\(report.branch) \(way) \(style.accent(result.commit.short)): \(files) changed"]
    }

    static func value(_ report: MergeReport) -> JSONValue {
        .object([
            "branch": .string(report.branch.rawValue), "ours": LakeJSON.id(report.ours),
            "theirs": LakeJSON.id(report.theirs), "base": LakeJSON.id(report.base),
            "commit": LakeJSON.id(report.result?.commit), "changes": .integer(report.changes),
            "fast_forward": .bool(report.isFastForward), "up_to_date": .bool(report.isUpToDate),
            "conflict_count": .integer(report.conflictCount),
            "conflicts": .array(report.conflicts.map(conflict)),
            "files": report.result.map { LakeJSON.files($0.files) } ?? .null,
        ])
    }

    private static func conflict(_ conflict: MergeConflict) -> JSONValue {
        func side(_ entry: FileEntry?) -> JSONValue { entry.map { .object(LakeJSON.members($0)) } ?? .null }
        return LakeJSON.object(
            conflict.path,
            [
                "kind": .string(conflict.kind.rawValue),
                "dataset": conflict.dataset.map { .string($0.rawValue) } ?? .null, "base": side(conflict.base),
                "ours": side(conflict.ours), "theirs": side(conflict.theirs),
            ]
        )
    }
}
