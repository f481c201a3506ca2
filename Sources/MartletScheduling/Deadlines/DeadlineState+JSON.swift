import MartletCore

extension DeadlineState {
    private enum Name: String, Codable {
        case open
        case pending
        case missed
        case met
    }

    private enum CodingKeys: String, CodingKey {
        case spec
        case state
        case due
        case missedAt = "missed_at"
    }

    /// Decodes `spec`, `state` and the instants that belong to the state.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let spec = try container.decode(DeadlineSpec.self, forKey: .spec)
        let phase: Phase =
            switch try container.decode(Name.self, forKey: .state) {
            case .open: .open
            case .pending: .pending(due: try container.decode(Timestamp.self, forKey: .due))
            case .missed:
                .missed(
                    due: try container.decode(Timestamp.self, forKey: .due),
                    at: try container.decode(Timestamp.self, forKey: .missedAt)
                )
            case .met: .met
            }
        self.init(spec: spec, phase: phase)
    }

    /// Encodes `spec`, `state` and the instants that belong to the state.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(spec, forKey: .spec)
        switch phase {
        case .open: try container.encode(Name.open, forKey: .state)
        case .pending(let due):
            try container.encode(Name.pending, forKey: .state)
            try container.encode(due, forKey: .due)
        case .missed(let due, let at):
            try container.encode(Name.missed, forKey: .state)
            try container.encode(due, forKey: .due)
            try container.encode(at, forKey: .missedAt)
        case .met: try container.encode(Name.met, forKey: .state)
        }
    }
}
