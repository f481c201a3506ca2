/// Where a check stands with people.
public enum IncidentState: String, Hashable, Codable, Sendable, CaseIterable {
    /// It has not failed; there is no incident.
    case ok
    /// It fails, and nobody has said that they look after it.
    case firing
    /// It fails, and somebody looks after it.
    case acknowledged
    /// It is over.
    case resolved

    /// Whether something is still wrong.
    public var isOpen: Bool { self == .firing || self == .acknowledged }
}

/// What somebody found an incident to have been, afterwards.
public enum IncidentLabel: String, Hashable, Codable, Sendable, CaseIterable {
    /// The data was bad.
    case truePositive = "true_positive"
    /// The data was good, and the check is wrong.
    case falsePositive = "false_positive"
}
