internal import OrderedCollections

// How the members agree on one way to divide the work.
extension ConsumerGroup {
    /// The protocols that every member knows, other than `left`.
    private func common(without left: String?) -> Set<String>? {
        var names: Set<String>?
        for member in members.values where member.id != left {
            let known = Set(member.protocols.map(\.name))
            names = names?.intersection(known) ?? known
        }
        return names
    }

    /// Whether a member fits the others; `left` is who it replaces.
    func supports(_ call: JoinCall, without left: String?) -> Bool {
        guard !call.protocolType.isEmpty, !call.protocols.isEmpty else { return false }
        guard let common = common(without: left) else { return true }
        return call.protocolType == protocolType && call.protocols.contains { common.contains($0.name) }
    }

    /// The protocol that all know and most like best; among equals the one that the leader likes better; nil without
    /// members.
    var chosenProtocol: String? {
        guard let common = common(without: nil), let leader = leader.flatMap({ members[$0] }) else { return nil }
        var votes: [String: Int] = [:]
        for member in members.values {
            if let best = member.protocols.first(where: { common.contains($0.name) }) {
                votes[best.name, default: 0] += 1
            }
        }
        var chosen: String?
        for candidate in leader.protocols.map(\.name) where common.contains(candidate) {
            guard let best = chosen else {
                chosen = candidate
                continue
            }
            if votes[candidate, default: 0] > votes[best, default: 0] { chosen = candidate }
        }
        return chosen
    }
}
