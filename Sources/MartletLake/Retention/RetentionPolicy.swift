public import MartletCore

/// How long a lake keeps what nobody works on any more.
public struct RetentionPolicy: Hashable, Codable, Sendable {
    /// How much of a branch's history keeps its files.
    public struct Rule: Hashable, Codable, Sendable {
        /// The branches.
        public var branches: BranchPattern
        /// Days for which a commit of theirs keeps its files after it was made; nil keeps them all.
        ///
        /// The head always does.
        public var historyDays: Int?
        /// Days after its last move at which a branch goes away altogether; nil keeps it.
        public var branchDays: Int?

        /// A rule for branches of that form.
        public init(_ branches: BranchPattern, historyDays: Int? = nil, branchDays: Int? = nil) {
            self.branches = branches
            self.historyDays = historyDays
            self.branchDays = branchDays
        }
    }

    /// The rules; the first that fits a branch counts.
    public var rules: [Rule]
    /// Days after which the branch of a run goes away, unless a rule says otherwise: what is left are those of failed runs.
    public var runBranchDays: Int
    /// Days for which a commit that a branch or tag was moved away from is kept, so that a mistake can be taken back.
    public var moveDays: Int

    /// A policy; by default branches keep everything, runs' branches stay for 30 days and moves for 14.
    public init(_ rules: [Rule] = [], runBranchDays: Int = 30, moveDays: Int = 14) {
        self.rules = rules
        self.runBranchDays = runBranchDays
        self.moveDays = moveDays
    }
}

extension RetentionPolicy {
    /// A branch as the store knows it.
    public struct Branch: Hashable, Sendable {
        /// Its name.
        public var name: BranchName
        /// The commit at its end.
        public var head: ObjectID
        /// When it was moved last.
        public var movedAt: Timestamp
        /// Whether a run or a workspace is on it.
        public var isInUse: Bool

        /// A branch that ends at `head`.
        public init(name: BranchName, head: ObjectID, movedAt: Timestamp, isInUse: Bool = false) {
            self.name = name
            self.head = head
            self.movedAt = movedAt
            self.isInUse = isInUse
        }
    }

    /// A move of a branch or tag.
    public struct Move: Hashable, Sendable {
        /// The commit it was moved away from; nil when it was new.
        public var from: ObjectID?
        /// The commit it was moved to; nil when it was removed.
        public var to: ObjectID?
        /// When.
        public var at: Timestamp

        /// A move at `at`.
        public init(from: ObjectID?, to: ObjectID?, at: Timestamp) {
            self.from = from
            self.to = to
            self.at = at
        }
    }

    /// A commit that is kept, with those before it.
    public struct Root: Hashable, Sendable {
        /// The commit; it keeps its files.
        public var commit: ObjectID
        /// Commits before it that are older than this keep their record but not their files; nil keeps all.
        public var since: Timestamp?

        /// A commit with its history.
        public init(commit: ObjectID, since: Timestamp? = nil) {
            self.commit = commit
            self.since = since
        }
    }

    /// What a policy makes of a lake at one time.
    public struct Decision: Hashable, Sendable {
        /// Branches to remove, by name.
        public var expired: [BranchName]
        /// The commits to keep, each once, in the order of branches, tags and moves.
        public var roots: [Root]

        /// A decision; one that keeps and removes nothing unless more is given.
        public init(expired: [BranchName] = [], roots: [Root] = []) {
            self.expired = expired
            self.roots = roots
        }

        /// All commits that the roots keep, and whether each keeps its files or only its record.
        ///
        /// - Throws: `MartletError` MT3002 for an object that is no commit, and what the objects' reader throws.
        public func commits(in history: CommitHistory) throws(MartletError) -> [ObjectID: Bool] {
            var commits: [ObjectID: Bool] = [:]
            // Roots that reach back further come first: whatever is before them is kept at least as well.
            for root in roots.sorted(by: { left, right in
                left.since.map { since in right.since.map { since < $0 } ?? false } ?? (right.since != nil)
            }) {
                var rest = commits[root.commit] == nil ? [root.commit] : []
                while let id = rest.popLast() {
                    guard commits[id] == nil else { continue }
                    let record = try history.record(id)
                    commits[id] = root.since.map { record.time >= $0 } ?? true
                    rest += record.parents
                }
                commits[root.commit] = true
            }
            return commits
        }
    }

    /// Decides what goes and what stays at `now`.
    ///
    /// A branch that expires keeps its files for ``moveDays`` more, by the move that removes it.
    public func decide(
        branches: [Branch],
        tags: [ObjectID] = [],
        moves: [Move] = [],
        at now: Timestamp
    ) -> Decision {
        var decision = Decision()
        for branch in branches.sorted(by: { $0.name < $1.name }) {
            let rule = rules.first { $0.branches.matches(branch.name) }
            let isOfRun = branch.name.rawValue.hasPrefix("run/")
            let days = rule.map(\.branchDays) ?? (isOfRun ? runBranchDays : nil)
            if let days, !branch.isInUse, branch.movedAt <= now - Self.days(days) {
                // Its removal is a move of this moment, so its files stay for a while.
                decision.expired.append(branch.name)
            }
            decision.roots.append(Root(commit: branch.head, since: rule?.historyDays.map { now - Self.days($0) }))
        }
        decision.roots += tags.map { Root(commit: $0) }
        let earliest = now - Self.days(moveDays)
        for move in moves where move.at > earliest {
            decision.roots += [move.from, move.to].compactMap(\.self).map {
                Root(commit: $0, since: move.at - Self.days(moveDays))
            }
        }
        var seen: Set<Root> = []
        decision.roots = decision.roots.filter { seen.insert($0).inserted }
        return decision
    }

    /// Days as a time; more than a century is as good as that.
    private static func days(_ count: Int) -> Duration { .seconds(min(max(count, 0), 36_500) * 86_400) }
}
