/// A topic as it is kept: its name, which of that name it is, its partitions and settings.
struct TopicRecord: Hashable, Sendable, Codable {
    var name: String
    /// Which topic of that name it is, as ``TopicID/description``.
    var id: String
    var partitions: Int
    /// Settings that differ from the defaults.
    var settings: [String: String]
}

/// All topics, as the file `topics.json` in the broker's folder has them.
struct TopicList: Hashable, Sendable, Codable {
    /// The format; readers refuse others.
    var version = 1
    var topics: [TopicRecord] = []
}
