public import MartletCore

/// What may be done to a branch.
public enum BranchAction: String, Codable, Hashable, Sendable, CaseIterable {
    /// A commit of a person right on it.
    case commit
    /// A merge into it; what a run publishes comes by one.
    case merge
    /// Moving it to a commit that does not follow on its head.
    case reset
    /// Removing it.
    case delete
}

/// Which branches are protected, and from what.
public struct BranchProtection: Hashable, Codable, Sendable {
    /// Protects branches from some actions.
    public struct Rule: Hashable, Codable, Sendable {
        /// The branches.
        public var branches: BranchPattern
        /// What is refused.
        public var refuses: Set<BranchAction>

        /// Refuses actions on branches of that form; unless others are given, all but merges.
        public init(_ branches: BranchPattern, refuses: Set<BranchAction> = [.commit, .reset, .delete]) {
            self.branches = branches
            self.refuses = refuses
        }
    }

    /// The rules; each that fits a branch counts.
    public var rules: [Rule]

    /// Protection by these rules.
    public init(_ rules: [Rule] = []) { self.rules = rules }

    /// Lets an action pass.
    ///
    /// - Throws: `MartletError` MT3011 when a rule refuses it.
    public func check(_ action: BranchAction, on branch: BranchName) throws(MartletError) {
        guard let rule = rules.first(where: { $0.refuses.contains(action) && $0.branches.matches(branch) }) else {
            return
        }
        let refused =
            switch action {
            case .commit: "cannot commit on branch \(branch)"
            case .merge: "cannot merge into branch \(branch)"
            case .reset: "cannot move branch \(branch) back"
            case .delete: "cannot delete branch \(branch)"
            }
        throw MartletError(
            .branchProtected,
            refused,
            reason: "the rule for \(rule.branches.text) protects it",
            remedy: action == .commit || action == .reset
                ? "work on a branch of your own and merge it" : "change the project's rules of branches"
        )
    }
}
