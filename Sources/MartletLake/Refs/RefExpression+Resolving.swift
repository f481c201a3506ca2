public import MartletCore

extension RefExpression {
    /// The commit that the expression names.
    ///
    /// - Parameters:
    ///   - refs: finds branches, tags and commits.
    ///   - history: the commits.
    ///   - head: what `HEAD` stands for; nil where there is none.
    /// - Returns: the id of the commit.
    /// - Throws: `MartletError` MT3003 when there is no such name, with the nearest one; MT3009 when several commits start
    ///   with the digits; MT3010 when a step leads past the first commit or to a parent that is not there.
    public func resolve(
        refs: any RefLookup,
        history: CommitHistory,
        head: ObjectID? = nil
    ) throws(MartletError) -> ObjectID {
        var id = try start(refs, history, head)
        for step in steps {
            switch step {
            case .firstParents(let count):
                for done in 0..<count {
                    guard let parent = try history.record(id).parents.first else {
                        throw missing("\(id.short) is the first commit, \(done) before \(base)", "~")
                    }
                    id = parent
                }
            case .parent(0):
                break
            case .parent(let number):
                let parents = try history.record(id).parents
                guard number <= parents.count else {
                    throw missing(
                        "\(id.short) has \(parents.count == 1 ? "one parent" : "\(parents.count) parents")",
                        "^"
                    )
                }
                id = parents[number - 1]
            }
        }
        return id
    }

    private func start(
        _ refs: any RefLookup,
        _ history: CommitHistory,
        _ head: ObjectID?
    ) throws(MartletError) -> ObjectID {
        if base == "HEAD" {
            if let head { return head }
            throw MartletError(.refUnknown, "HEAD names no commit", remedy: "make one with `martlet lake commit`")
        }
        if let id = ObjectID(hex: base) {
            if (try? history.record(id)) != nil { return id }
            throw try unknown(refs)
        }
        if let id = try refs.branch(BranchName(trusted: base)) { return id }
        if let id = try refs.tag(TagName(trusted: base)) { return id }
        let isPrefix = base.utf8.count >= Limits.commitPrefixDigits && base.allSatisfy { $0.isASCII && $0.isHexDigit }
        let candidates = isPrefix ? try refs.commits(withPrefix: base.lowercased()) : []
        guard let first = candidates.first else { throw try unknown(refs) }
        guard candidates.count > 1 else { return first }
        let shown = candidates.prefix(Limits.offeredCommits).map { candidate in
            let message = (try? history.record(candidate).message).map { " \($0.prefix(60))" } ?? ""
            return candidate.hex.prefix(16) + message
        }
        throw MartletError(
            .commitAmbiguous,
            "\(base) stands for several commits",
            reason: shown.joined(separator: "\n"),
            remedy: "give more digits"
        )
    }

    private func unknown(_ refs: any RefLookup) throws(MartletError) -> MartletError {
        let nearest = NearestName.of(base, among: try refs.names())
        return MartletError(
            .refUnknown,
            "there is no branch, tag or commit \(base)",
            remedy: nearest.map { "did you mean \($0)?" }
                ?? "`martlet lake branch` and `martlet lake tag` list what there is"
        )
    }

    private func missing(_ reason: String, _ sign: String) -> MartletError {
        MartletError(
            .ancestorMissing,
            "\(text) leads to no commit",
            reason: reason,
            remedy: "use a smaller number behind \(sign); `martlet lake log \(base)` lists the commits"
        )
    }
}
