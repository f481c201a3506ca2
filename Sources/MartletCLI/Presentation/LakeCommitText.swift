import MartletCore
import MartletLake
import MartletLakeStore

/// The branches and tags at each commit.
struct CommitNames {
    private var names: [ObjectID: [String]] = [:]
    private var current: (branch: BranchName?, commit: ObjectID?)

    init(_ session: LakeSession) throws(MartletError) {
        let state = try session.tree.position().state
        current = (state.branch, state.base)
        for (name, commit) in try session.lake.refs.branches() { names[commit, default: []].append(name.rawValue) }
        for (name, commit) in try session.lake.refs.tags() { names[commit, default: []].append("tag \(name)") }
    }

    /// The names at a commit: `HEAD` first where the working tree is.
    func at(_ commit: ObjectID) -> [String] {
        let all = names[commit] ?? []
        guard commit == current.commit else { return all }
        guard let branch = current.branch?.rawValue, all.contains(branch) else { return ["HEAD"] + all }
        return ["HEAD → \(branch)"] + all.filter { $0 != branch }
    }

    /// The names of branches and tags alone.
    func refs(_ commit: ObjectID) -> [String] { names[commit] ?? [] }
}

/// A commit as people and machines read it.
enum LakeCommitText {
    static func line(_ id: ObjectID, _ record: CommitRecord, _ names: CommitNames, _ style: Style) -> String {
        let refs = names.at(id)
        let place = refs.isEmpty ? "" : " \(style.good("(\(refs.joined(separator: ", ")))"))"
        return "\(style.accent(id.short))\(place) \(firstLine(record))"
    }

    static func lines(_ id: ObjectID, _ record: CommitRecord, _ names: CommitNames, _ style: Style) -> [String] {
        let refs = names.at(id)
        let place = refs.isEmpty ? "" : "  \(style.good("(\(refs.joined(separator: ", ")))"))"
        var lines = ["commit \(style.accent(id.hex))\(place)"]
        func add(_ label: String, _ text: String) {
            lines.append(label + String(repeating: " ", count: max(1, 8 - label.count)) + DisplayText.line(text))
        }
        if record.parents.count > 1 { add("merge", record.parents.map(\.short).joined(separator: " and ")) }
        add("author", record.author)
        add("time", ClockText.utc(record.time))
        if let run = record.run {
            add("run", run.id.rawValue + (run.step.map { ", step \($0)" } ?? ""))
            if let git = run.code.git {
                add("code", "git \(git.prefix(12))\(run.code.isClean == false ? ", with changes" : "")")
            }
            if !run.inputs.isEmpty { add("inputs", run.inputs.map { $0.dataset.rawValue }.joined(separator: ", ")) }
            for verdict in run.verdicts { add("check", "\(verdict.check) \(verdict.state)") }
        }
        for (key, value) in record.metadata.sorted(by: { $0.key < $1.key }) { add("meta", "\(key)=\(value)") }
        lines.append("")
        lines += DisplayText.lines(record.message).split(separator: "\n", omittingEmptySubsequences: false).map {
            "    \($0)"
        }
        return lines
    }

    static func firstLine(_ record: CommitRecord) -> String {
        DisplayText.line(String(record.message.prefix { $0 != "\n" }))
    }

    static func json(_ id: ObjectID, _ record: CommitRecord, _ names: CommitNames) -> JSONValue {
        let run = record.run.flatMap { try? JSONText.decode(JSONValue.self, from: JSONText.data($0)) }
        return .object([
            "id": .string(id.hex), "parents": .array(record.parents.map { .string($0.hex) }),
            "root": .string(record.root.hex), "author": .string(record.author),
            "time": .string(record.time.description), "message": .string(record.message), "run": run ?? .null,
            "metadata": .object(record.metadata.mapValues(JSONValue.string)),
            "refs": .array(names.refs(id).map(JSONValue.string)),
        ])
    }
}
