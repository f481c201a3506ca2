package import MartletCore

/// The properties of a client, as librdkafka names them, with secrets that are never shown.
///
/// Defaults are Martlet's: what is read is committed data, nothing is stored or committed unasked, and producers are
/// idempotent. A property that is set wins over them.
package struct KafkaConfiguration: Hashable, Sendable {
    /// How strings of letters prove who the client is.
    package enum Mechanism: String, Hashable, Sendable {
        case plain = "PLAIN"
        case scram256 = "SCRAM-SHA-256"
        case scram512 = "SCRAM-SHA-512"
    }

    /// How partitions are shared among the members of a group.
    package enum Assignor: String, Hashable, Sendable {
        case range
        case roundRobin = "roundrobin"
        /// Members keep what they have over a rebalance. librdkafka before 2.10.1 can lose the assignment with it.
        case cooperativeSticky = "cooperative-sticky"
    }

    private var properties = [String: String]()

    /// A client of the cluster that has these brokers, as in `localhost:9092,other:9092`.
    package init(bootstrapServers: String) { self["bootstrap.servers"] = bootstrapServers }

    /// The property `name`.
    package subscript(name: String) -> String? {
        get { properties[name] }
        set { properties[name] = newValue }
    }

    /// The name of the client in the brokers' logs and quotas.
    package mutating func identify(as clientID: String) { self["client.id"] = clientID }

    /// Proves who it is with a name and a password, over TLS if asked.
    package mutating func authenticate(_ mechanism: Mechanism, user: String, password: String, usesTLS: Bool) {
        self["sasl.mechanism"] = mechanism.rawValue
        self["sasl.username"] = user
        self["sasl.password"] = password
        self["security.protocol"] = usesTLS ? "SASL_SSL" : "SASL_PLAINTEXT"
    }

    /// Speaks TLS and trusts the authorities in the PEM file `authorities`; nil for those of the system.
    package mutating func encrypt(authorities: String? = nil) {
        self["security.protocol"] = self["sasl.mechanism"] == nil ? "SSL" : "SASL_SSL"
        if let authorities { self["ssl.ca.location"] = authorities }
    }

    /// The same client as a member of a group.
    ///
    /// - Parameters:
    ///   - group: the group's name.
    ///   - instance: its name over restarts; nil for a member that is new each time.
    ///   - start: where to start when the group has no offset.
    ///   - readsUncommitted: whether records of open and aborted transactions come too.
    ///   - assignor: how partitions are shared; all members have to agree.
    /// - Returns: the configuration of a consumer.
    package func consumer(
        group: String,
        instance: String? = nil,
        start: SourceRequest.Start = .earliest,
        readsUncommitted: Bool = false,
        assignor: Assignor? = nil
    ) -> Self {
        var copy = self
        copy["group.id"] = group
        if let instance { copy["group.instance.id"] = instance }
        if let assignor { copy["partition.assignment.strategy"] = assignor.rawValue }
        copy.setDefault("auto.offset.reset", start.rawValue)
        copy.setDefault("isolation.level", readsUncommitted ? "read_uncommitted" : "read_committed")
        // What is done is for the application to say.
        copy["enable.auto.commit"] = "false"
        copy["enable.auto.offset.store"] = "false"
        copy.setDefault("enable.partition.eof", "true")
        // Above this many the library pauses for a second, however quickly they are taken; the size is limited besides.
        copy.setDefault("queued.min.messages", "\(Limits.kafkaQueuedMessages)")
        return copy
    }

    /// The same client as a producer, of transactions if it has an id for them.
    package func producer(transactionalID: String? = nil) -> Self {
        var copy = self
        if let transactionalID { copy["transactional.id"] = transactionalID }
        copy.setDefault("enable.idempotence", "true")
        // Whole batches are handed over at once, so that waiting for more gains little.
        copy.setDefault("linger.ms", "1")
        return copy
    }

    private mutating func setDefault(_ name: String, _ value: String) { if self[name] == nil { self[name] = value } }

    /// All properties for a library, ordered by name.
    func resolved(for library: KafkaLibrary) -> [(String, String)] {
        var properties = properties
        // Older libraries do not know it, and then their pause is a second.
        if properties["group.id"] != nil, properties["fetch.queue.backoff.ms"] == nil,
            library.version >= KafkaVersion(2, 2)
        {
            properties["fetch.queue.backoff.ms"] = "10"
        }
        return properties.prefix(Limits.kafkaProperties).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether the value of a property must not be shown.
    static func isSecret(_ name: String) -> Bool {
        let words = ["password", "secret", "token", "pem", "jaas", "credential", "client.key", "ssl.key"]
        return words.contains { name.lowercased().contains($0) }
    }

    /// `text` without the values of secrets.
    func masked(_ text: String) -> String {
        let secrets = properties.filter { Self.isSecret($0.key) && $0.value.utf8.count >= Limits.maskedCharacters }
        return secrets.values.sorted { $0.utf8.count > $1.utf8.count }
            .reduce(text) { $0.replacing($1, with: SettingRules.mask) }
    }

    /// The error for a property that the library does not take.
    func refusal(of name: String, _ reason: String) -> StreamError {
        StreamError(
            .refused,
            MartletError(
                .streamPropertyInvalid,
                "librdkafka does not take property \(name)",
                reason: masked(reason),
                remedy: "correct it, or leave it out; CONFIGURATION.md of librdkafka lists them all"
            )
        )
    }
}

extension KafkaConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The properties, one a line, with `***` for secrets.
    package var description: String {
        properties.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(Self.isSecret($0.key) ? SettingRules.mask : masked($0.value))" }
            .joined(separator: "\n")
    }

    /// The same as ``description``.
    package var debugDescription: String { description }

    /// Shows no more than ``description``, also to `dump`.
    package var customMirror: Mirror { Mirror(self, children: ["properties": description]) }
}
