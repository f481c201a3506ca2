/// The topics in what a consumer tells its leader.
///
/// Kafka's ConsumerProtocolSubscription, versions 0 to 3: a version (int16), the topics (an int32 count, then strings
/// with int16 lengths), and more that differs by version and is not read here.
struct ConsumerSubscription: Hashable, Sendable {
    /// The `protocolType` of consumers.
    static let protocolType = "consumer"

    /// The topics that are subscribed to.
    var topics: Set<String>

    /// Reads the topics; nil when the bytes are no subscription.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard let version = Self.number(&rest, bytes: 2), version < 0x8000, let count = Self.number(&rest, bytes: 4),
            count <= rest.count / 2
        else { return nil }
        topics = []
        for _ in 0..<count {
            guard let length = Self.number(&rest, bytes: 2), length < 0x8000, length <= rest.count,
                let topic = String(validating: rest.prefix(length), as: UTF8.self)
            else { return nil }
            topics.insert(topic)
            rest = rest.dropFirst(length)
        }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, bytes count: Int) -> Int? {
        guard rest.count >= count else { return nil }
        let value = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(count)
        return value
    }
}
