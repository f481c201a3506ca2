/// Where a group of the classic protocol stands.
enum GroupState: String, CaseIterable, Sendable {
    /// It has no members; it may have offsets.
    case empty = "Empty"
    /// Its members are asked to join again.
    case preparingRebalance = "PreparingRebalance"
    /// All have joined, and wait for the leader to divide the work.
    case completingRebalance = "CompletingRebalance"
    /// Every member has its share.
    case stable = "Stable"
    /// It is gone.
    case dead = "Dead"

    /// Where it may go from here.
    var successors: Set<GroupState> {
        switch self {
        case .empty: [.preparingRebalance, .dead]
        case .preparingRebalance: [.completingRebalance, .empty]
        case .completingRebalance: [.stable, .preparingRebalance]
        case .stable: [.preparingRebalance]
        case .dead: []
        }
    }
}
