public import MartletCore

/// The deadlines of a run, in the order of its pipeline's policy.
public struct RunDeadlines: Hashable, Codable, Sendable {
    /// Where each stands.
    public private(set) var states: [DeadlineState]

    /// The deadlines of a run that has been created.
    public init(_ specs: [DeadlineSpec], _ facts: DeadlineFacts) { states = specs.map { DeadlineState($0, facts) } }

    /// When to look again; nil when nothing is to be waited for.
    public var nextDue: Timestamp? { states.compactMap(\.due).min() }

    /// Takes what has become known, as when the run starts.
    public mutating func learn(_ facts: DeadlineFacts) {
        for index in states.indices { states[index].learn(facts) }
    }

    /// Begins again with those that count from something that happens again, after the run was cleared.
    public mutating func clear(_ facts: DeadlineFacts) {
        for index in states.indices { states[index].clear(facts) }
    }

    /// The run has succeeded: what is not missed is met.
    public mutating func succeed() {
        for index in states.indices { states[index].succeed() }
    }

    /// The deadlines that have passed by `now` and had not before, each once; they are to be told of.
    public mutating func pass(at now: Timestamp) -> [DeadlineSpec] {
        states.indices.filter { states[$0].pass(at: now) }.map { states[$0].spec }
    }

    /// Decodes the list of deadlines.
    public init(from decoder: any Decoder) throws {
        states = try decoder.singleValueContainer().decode([DeadlineState].self)
    }

    /// Encodes the list of deadlines.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(states)
    }
}
