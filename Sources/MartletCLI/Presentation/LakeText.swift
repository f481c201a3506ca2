import MartletCore
import MartletLake
import MartletLakeStore

/// What commands of the lake have in common for people.
struct LakeText {
    let style: Style

    /// A file and what happened to it: never told by colour alone.
    func line(_ path: LakePath, _ change: WorkStatus.Change, note: String = "") -> String {
        let text = "\(Self.mark(change)) \(path.display)"
        return "  \(paint(change, text))\(note.isEmpty ? "" : "  " + style.faint(note))"
    }

    static func mark(_ change: WorkStatus.Change) -> String {
        switch change {
        case .added: "+"
        case .modified: "~"
        case .removed: "-"
        }
    }

    func paint(_ change: WorkStatus.Change, _ text: String) -> String {
        switch change {
        case .added: style.good(text)
        case .modified: style.warn(text)
        case .removed: style.bad(text)
        }
    }

    /// `3 files`, with the noun in its number.
    static func count(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(NumberText.grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// The parts that are not zero: `3 added, 1 removed`.
    static func counts(_ parts: [(Int, String)]) -> String {
        parts.filter { $0.0 > 0 }.map { "\(NumberText.grouped($0.0)) \($0.1)" }.joined(separator: ", ")
    }

    /// The lines of what cannot be in the lake.
    func problems(_ problems: [WorkProblem]) -> [String] {
        problems.prefix(Limits.shownFiles).map { problem in
            let reason = [problem.error.reason, problem.error.remedy].compactMap(\.self).joined(separator: "; ")
            return "  \(style.bad("!")) \(problem.path.display)  \(style.faint(DisplayText.line(reason)))"
        } + Self.more(problems.count)
    }

    static func more(_ count: Int) -> [String] {
        count > Limits.shownFiles ? ["  and \(NumberText.grouped(count - Limits.shownFiles)) more"] : []
    }
}

/// What commands of the lake have in common for machines.
enum LakeJSON {
    static func id(_ id: ObjectID?) -> JSONValue { id.map { .string($0.hex) } ?? .null }
    static func branch(_ name: BranchName?) -> JSONValue { name.map { .string($0.rawValue) } ?? .null }

    /// The members that tell a path: text, and the bytes when it is none.
    static func path(_ path: LakePath) -> [String: JSONValue] {
        var members: [String: JSONValue] = ["path": .string(path.display)]
        if !path.display.utf8.elementsEqual(path.bytes) { members["path_hex"] = .string(HexText.text(of: path.bytes)) }
        return members
    }

    static func object(_ path: LakePath, _ members: [String: JSONValue]) -> JSONValue {
        .object(Self.path(path).merging(members) { $1 })
    }

    static func problems(_ problems: [WorkProblem]) -> JSONValue {
        .array(problems.map { object($0.path, ["error": ErrorJSON.value($0.error)]) })
    }

    static func files(_ report: MoveReport) -> JSONValue {
        .object([
            "written": .integer(report.written), "removed": .integer(report.removed),
            "unchanged": .integer(report.unchanged), "left": .integer(report.left), "bytes": .integer(report.bytes),
        ])
    }

    /// One file of a tree.
    static func entry(_ path: LakePath, _ entry: FileEntry) -> JSONValue {
        object(path, members(entry))
    }

    static func members(_ entry: FileEntry) -> [String: JSONValue] {
        [
            "size": .integer(entry.size), "sha256": .string(entry.content.hex), "md5": .string(entry.md5.hex),
            "executable": .bool(entry.isExecutable),
            "dataset": entry.dataset.map { .string($0.rawValue) } ?? .null,
        ]
    }
}
