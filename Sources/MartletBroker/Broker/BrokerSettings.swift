import MartletCore

/// How a log server is run.
package struct BrokerSettings: Sendable {
    /// The number of the one broker of the cluster.
    static let nodeID: Int32 = 1

    /// Where its files are; absolute.
    package var folder: String
    /// The host that clients are told to connect to.
    package var advertisedHost: String
    /// The port that they are told; 0 for the one that it listens on.
    package var advertisedPort: Int32
    /// Whether a topic that a client asks about or writes to is made, if the client wants that.
    package var makesTopics: Bool
    /// Partitions of a topic about which nothing is said.
    package var defaultPartitions: Int
    /// When what is appended is made to last.
    package var flush: LogConfiguration.FlushPolicy
    /// Most partitions of all topics together.
    package var partitionLimit: Int
    /// Most connections at once.
    package var connectionLimit: Int
    /// Milliseconds after which a connection is closed whose client asks for nothing.
    package var idleMilliseconds: Int64
    /// Who may use it; nil when nobody has to log in.
    package var users: BrokerUsers?
    /// What connections are encrypted with; nil when they are not.
    package var tls: TLSFiles?
    /// The ways to log in; set by the server for the address that it listens on.
    var mechanisms = SaslMechanism.allCases
    /// Hears what whoever runs the server should know; called one at a time, and not for long.
    package var notice: @Sendable (BrokerNotice) -> Void
    /// Milliseconds since 1970.
    package var clock: @Sendable () -> Int64
    /// A new text that is unique, such as a UUID: of members, topics and the cluster.
    package var makeID: @Sendable () -> String
    /// Sixteen random bytes, as two numbers.
    package var random: @Sendable () -> (UInt64, UInt64)

    /// The settings with their defaults.
    package init(
        folder: String,
        advertisedHost: String = "127.0.0.1",
        advertisedPort: Int32 = 0,
        makesTopics: Bool = true,
        defaultPartitions: Int = 1,
        flush: LogConfiguration.FlushPolicy = .system,
        partitionLimit: Int = Limits.brokerPartitions,
        connectionLimit: Int = Limits.brokerConnections,
        idleMilliseconds: Int64 = Limits.idleConnectionMilliseconds,
        users: BrokerUsers? = nil,
        tls: TLSFiles? = nil,
        notice: @escaping @Sendable (BrokerNotice) -> Void = { _ in },
        clock: @escaping @Sendable () -> Int64,
        makeID: @escaping @Sendable () -> String,
        random: @escaping @Sendable () -> (UInt64, UInt64)
    ) {
        self.folder = folder
        self.advertisedHost = advertisedHost
        self.advertisedPort = advertisedPort
        self.makesTopics = makesTopics
        self.defaultPartitions = defaultPartitions
        self.flush = flush
        self.partitionLimit = partitionLimit
        self.connectionLimit = connectionLimit
        self.idleMilliseconds = idleMilliseconds
        self.users = users
        self.tls = tls
        self.notice = notice
        self.clock = clock
        self.makeID = makeID
        self.random = random
    }
}
