/// The settings of topics that are understood, with Kafka's names and defaults.
///
/// Source: the topic configurations of Apache Kafka's documentation.
struct TopicSettings: Hashable, Sendable {
    /// A setting: its name, its default and what values it takes.
    struct Key: Hashable, Sendable {
        var name: String
        var defaultValue: String
        var kind: Kind
    }

    /// What values a setting takes.
    enum Kind: Hashable, Sendable {
        case integer(ClosedRange<Int64>)
        case oneOf([String])
        /// Several of these, with commas between them.
        case listOf([String])
    }

    /// All that are understood.
    static let keys: [Key] = [
        Key(name: "cleanup.policy", defaultValue: "delete", kind: .listOf(["delete", "compact"])),
        Key(name: "compression.type", defaultValue: "producer", kind: .oneOf(["producer"])),
        Key(name: "delete.retention.ms", defaultValue: "86400000", kind: .integer(0...Int64.max)),
        Key(name: "max.message.bytes", defaultValue: "1048588", kind: .integer(1...Int64(Int32.max))),
        Key(name: "message.timestamp.type", defaultValue: "CreateTime", kind: .oneOf(["CreateTime", "LogAppendTime"])),
        Key(name: "min.compaction.lag.ms", defaultValue: "0", kind: .integer(0...Int64.max)),
        Key(name: "retention.bytes", defaultValue: "-1", kind: .integer(-1...Int64.max)),
        Key(name: "retention.ms", defaultValue: "604800000", kind: .integer(-1...Int64.max)),
        Key(name: "segment.bytes", defaultValue: "1073741824", kind: .integer(14...Int64(Int32.max))),
        Key(name: "segment.ms", defaultValue: "604800000", kind: .integer(1...Int64.max)),
    ]

    /// What differs from the defaults, by name.
    private(set) var values: [String: String] = [:]

    /// Settings that are all defaults.
    init() {}

    /// The setting of that name; nil when it is not understood.
    static func key(_ name: String) -> Key? { keys.first { $0.name == name } }

    /// What is wrong with a value, as a sentence; nil when it is fine.
    static func problem(_ name: String, _ value: String) -> String? {
        guard let key = key(name) else { return "Unknown topic config name: \(name)" }
        switch key.kind {
        case .integer(let range):
            guard let number = Int64(value) else { return "\(name) is a whole number, not \(value)" }
            return range.contains(number) ? nil : "\(name) is \(range.lowerBound) to \(range.upperBound), not \(value)"
        case .oneOf(let allowed):
            return allowed.contains(value) ? nil : "\(name) is one of \(allowed.joined(separator: ", ")), not \(value)"
        case .listOf(let allowed):
            let parts = Self.list(value)
            let isFine = !parts.isEmpty && parts.allSatisfy(allowed.contains)
            return isFine ? nil : "\(name) is some of \(allowed.joined(separator: ", ")), not \(value)"
        }
    }

    static func list(_ value: String) -> [String] {
        value.split(separator: ",").map { String($0.filter { $0 != " " }) }
    }

    /// The value of a setting, or its default; empty when it is not understood.
    subscript(name: String) -> String { values[name] ?? Self.key(name)?.defaultValue ?? "" }

    /// Sets a value, or with nil goes back to the default.
    mutating func set(_ name: String, _ value: String?) { values[name] = value }

    private func integer(_ name: String) -> Int64 { Int64(self[name]) ?? 0 }

    /// Largest batch, in bytes.
    var maxMessageBytes: Int { Int(integer("max.message.bytes")) }

    /// Whether only the last record of each key is kept.
    var isCompacted: Bool { Self.list(self["cleanup.policy"]).contains("compact") }
}
