/// What is remembered of a check while nothing is wrong.
public struct CheckRecord: Hashable, Codable, Sendable {
    /// What tells the check from others.
    public var fingerprint: String
    /// How many incidents it had.
    public var episodes: Int
    /// What passed last; nil when nothing did.
    public var lastGood: GoodVersion?

    /// A check with its history.
    public init(fingerprint: String, episodes: Int = 0, lastGood: GoodVersion? = nil) {
        self.fingerprint = fingerprint
        self.episodes = episodes
        self.lastGood = lastGood
    }

    enum CodingKeys: String, CodingKey {
        case fingerprint, episodes
        case lastGood = "last_good"
    }
}
