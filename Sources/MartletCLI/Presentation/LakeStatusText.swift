import MartletCore
import MartletLake
import MartletLakeStore

/// The state of the working tree as people read it.
struct LakeStatusText {
    let status: WorkStatus
    /// The commit that is checked out; nil before the first.
    let head: CommitRecord?
    let style: Style
    let now: Timestamp

    private var text: LakeText { LakeText(style: style) }

    var lines: [String] { [place] + behind + groups + summary }

    private var place: String {
        let state = status.position.state
        let name = state.branch.map { "on \(style.bold($0.rawValue))" } ?? "at no branch"
        guard let base = state.base, let head else { return "\(name), no commits yet" }
        let message = DisplayText.line(String(head.message.prefix { $0 != "\n" }))
        return
            "\(name) at \(style.accent(base.short))  \(message)  \(style.faint("\((now - head.time).shortText) ago"))"
    }

    private var behind: [String] {
        guard let count = status.behind, let branch = status.position.state.branch else { return [] }
        let commits =
            count >= Limits.commitsCounted
            ? "\(Limits.commitsCounted) commits or more" : LakeText.count(count, "commit")
        return [
            "\(branch) has moved on by \(commits); bring the files there with `martlet lake checkout \(branch)`"
        ]
    }

    private var groups: [String] {
        var lines: [String] = []
        func add(_ title: String, _ hint: String, _ group: WorkStatus.Group, mark: String? = nil) {
            if group.count == 0 { return }
            lines += ["", "\(title)  \(style.faint("(\(NumberText.grouped(group.count)); \(hint))"))"]
            for item in group.items {
                lines.append(mark.map { "  \($0) \(item.path.display)" } ?? text.line(item.path, item.change))
            }
            let rest = group.count - group.items.count
            if rest > 0 { lines.append(style.faint("  and \(NumberText.grouped(rest)) more")) }
        }
        add("staged", "`martlet lake commit -m ...` keeps it", status.staged)
        add("changed", "`martlet lake add PATH` stages it", status.changed)
        add("not in the lake", "`martlet lake add PATH` adds it", status.untracked, mark: "?")
        if !status.problems.isEmpty {
            lines += ["", "cannot be in the lake"] + text.problems(status.problems)
        }
        return lines
    }

    private var summary: [String] {
        if status.position.state.tracked.isEmpty {
            return ["", "nothing is followed yet; begin with `martlet lake add PATH`"]
        }
        if !status.isClean { return [] }
        return ["\(style.good("✓")) all as committed, \(LakeText.count(status.files, "file"))"]
    }

    static func json(_ status: WorkStatus) -> JSONValue {
        let state = status.position.state
        return .object([
            "branch": LakeJSON.branch(state.branch), "commit": LakeJSON.id(state.base),
            "behind": status.behind.map(JSONValue.integer) ?? .null, "clean": .bool(status.isClean),
            "files": .integer(status.files), "staged": json(status.staged), "changed": json(status.changed),
            "untracked": json(status.untracked), "problems": LakeJSON.problems(status.problems),
            "followed": .array(state.tracked.map { .string(DisplayBytes.text(of: $0)) }),
        ])
    }

    private static func json(_ group: WorkStatus.Group) -> JSONValue {
        .object([
            "count": .integer(group.count),
            "files": .array(group.items.map { LakeJSON.object($0.path, ["change": .string($0.change.rawValue)]) }),
        ])
    }
}
