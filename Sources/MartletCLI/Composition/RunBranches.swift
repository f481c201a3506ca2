import Foundation
import MartletCore
import MartletLakeStore
import MartletRuntime

/// The branches of runs in a lake, by what became of the runs.
struct RunBranches {
    /// Runs that are not over need theirs, however long they have been waiting.
    private(set) var active: Set<BranchName> = []
    /// What is on these is in the history of the branch that it was published in.
    private var published: [BranchName] = []

    /// - Throws: ``MartletError`` when the lake or the project's state cannot be read.
    init(of session: LakeSession) async throws {
        let names = try session.lake.refs.branches().map(\.name).filter { $0.rawValue.hasPrefix("run/") }
        // A lake that was cloned may have branches of runs that are unknown here; they go by their age.
        if names.isEmpty { return }
        let store = try session.workspace.openStore()
        for name in names {
            let id = String(name.rawValue.dropFirst("run/".count))
            guard
                let run = try await store.runs(RunFilter(idPrefix: id, limit: 2)).first(where: { $0.id.rawValue == id })
            else { continue }
            if !run.state.isTerminal { active.insert(name) }
            if run.state == .success, run.published != nil { published.append(name) }
        }
        await store.close()
    }

    /// Removes those that a process which was killed after it had published has left.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005 when the lake cannot be written.
    func removePublished(from session: LakeSession) throws(MartletError) {
        let author = session.author
        for name in published {
            guard let head = session.lake.refs.branch(name) else { continue }
            do throws(MartletError) {
                try session.lake.move(
                    branch: name,
                    from: head,
                    to: nil,
                    by: author.name,
                    why: "published",
                    at: author.time
                )
            } catch  where error.code == .refMoved {
                // Its run has just removed it itself.
            }
        }
    }
}
