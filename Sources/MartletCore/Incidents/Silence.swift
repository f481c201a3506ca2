/// A time in which nobody is told of some incidents; they are recorded all the same.
public struct Silence: Hashable, Codable, Sendable {
    /// Its number, from 1.
    public var id: Int
    /// Which incidents: those that fit all of these, of which there is at least one.
    public var matchers: [IncidentMatcher]
    /// Who made it.
    public var author: String
    /// Why.
    public var reason: String
    /// When it was made.
    public var createdAt: Timestamp
    /// When it ends.
    public var expiresAt: Timestamp

    /// A silence from `createdAt` to `expiresAt`.
    public init(
        id: Int,
        matchers: [IncidentMatcher],
        author: String,
        reason: String,
        createdAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.matchers = matchers
        self.author = author
        self.reason = reason
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// Whether it is in force.
    public func isActive(at now: Timestamp) -> Bool { createdAt <= now && now < expiresAt }

    /// Whether nobody is to be told of `incident`.
    public func covers(_ incident: Incident) -> Bool {
        !matchers.isEmpty && matchers.allSatisfy { $0.matches(incident) }
    }

    enum CodingKeys: String, CodingKey {
        case id, matchers, author, reason
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }
}
