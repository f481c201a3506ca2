package import MartletCore
internal import MartletLake

extension WorkingTree {
    /// The commit that an expression names.
    ///
    /// - Throws: ``MartletError`` MT3003 and the like when it names none.
    package func resolve(_ text: String) throws(MartletError) -> ObjectID {
        let head = try position().state.base
        return try RefExpression(parsing: text).resolve(refs: WorkRefs(lake), history: history, head: head)
    }

    /// The commits of the lake.
    var history: CommitHistory { CommitHistory(objects: lake.objects) }

    /// Refuses what only a merge may do to a protected branch.
    ///
    /// - Throws: ``MartletError`` MT3011.
    func check(_ action: MartletLake.BranchAction, on branch: BranchName) throws(MartletError) {
        do throws(MartletError) {
            try lake.settings().protection.check(action, on: branch)
        } catch {
            var error = error
            error.remedy =
                "work on another branch and merge it, or lift it: `martlet lake branch \(branch) --unprotect`"
            throw error
        }
    }

    /// Makes a branch.
    ///
    /// - Throws: ``MartletError`` MT3056 when there is one of that name.
    package func makeBranch(_ name: BranchName, at commit: ObjectID, by author: WorkAuthor) throws(MartletError) {
        if try lake.refs.head(of: .branch(name)) != nil {
            throw MartletError(
                .refExists,
                "there is a branch \(name) already",
                remedy: "choose another name; to move it, check it out and use `martlet lake reset`"
            )
        }
        try lake.move(branch: name, from: nil, to: commit, by: author.name, why: "branch", at: author.time)
    }

    /// Removes a branch.
    ///
    /// `isForced`: whether commits that no other branch has may be given up.
    ///
    /// - Throws: ``MartletError`` MT3003 when there is none, MT3011 when it is protected, MT3058 when it is checked out, or
    ///   has commits that nothing else has.
    package func deleteBranch(_ name: BranchName, isForced: Bool, by author: WorkAuthor) throws(MartletError) {
        guard let head = try lake.refs.head(of: .branch(name)) else { throw try unknown(branch: name) }
        try check(.delete, on: name)
        let position = try position()
        if position.state.branch == name {
            throw MartletError(
                .branchInUse,
                "\(name) is checked out",
                remedy: "check out another branch first"
            )
        }
        if !isForced, try !isElsewhere(head, except: name) {
            throw MartletError(
                .branchInUse,
                "\(name) has commits that no other branch has",
                reason: "its last one is \(head.short)",
                remedy: "merge it first, or remove it with --force"
            )
        }
        try lake.move(branch: name, from: head, to: nil, by: author.name, why: "delete branch", at: author.time)
    }

    /// Protects branches, or lifts the protection.
    package func protect(_ name: BranchName, _ isProtected: Bool) throws(MartletError) {
        guard try lake.refs.head(of: .branch(name)) != nil else { throw try unknown(branch: name) }
        try locked { () throws(MartletError) in
            var settings = try lake.settings()
            if isProtected {
                settings.protected.insert(name.rawValue)
            } else {
                settings.protected.remove(name.rawValue)
            }
            try lake.save(settings)
        }
    }

    /// The error for a branch that is not there, with the nearest one that is.
    package func unknown(branch name: BranchName) throws(MartletError) -> MartletError {
        let names = try lake.refs.branches().map(\.name.rawValue)
        return MartletError(
            .refUnknown,
            "there is no branch \(name)",
            remedy: NearestName.of(name.rawValue, among: names).map { "did you mean \($0)?" }
                ?? "`martlet lake branch` lists them"
        )
    }

    private func isElsewhere(_ commit: ObjectID, except name: BranchName) throws(MartletError) -> Bool {
        for branch in try lake.refs.branches() where branch.name != name {
            if try history.isAncestor(commit, of: branch.commit) { return true }
        }
        return false
    }
}
