/// A variable as a store keeps it.
public struct StoredVariable: Hashable, Sendable {
    /// The variable's name.
    public var name: VariableName
    /// The value as JSON, or sealed text when it is a secret; a store does not look into it.
    public var content: String
    /// Whether `content` is sealed.
    public var isSecret: Bool
    /// What the variable is for; nil when it is not described.
    public var description: String?

    /// A record with `content` as it is to be kept.
    public init(name: VariableName, content: String, isSecret: Bool, description: String? = nil) {
        self.name = name
        self.content = content
        self.isSecret = isSecret
        self.description = description
    }
}

/// A connection as a store keeps it.
public struct StoredConnection: Hashable, Sendable {
    /// The parts that are kept sealed.
    public enum SealedField: String, Hashable, Sendable, CaseIterable {
        case password, extra
    }

    /// The connection's id.
    public var id: ConnectionID
    /// The kind of system.
    public var type: String
    /// The machine or URL.
    public var host: String?
    /// The TCP port.
    public var port: Int?
    /// The user.
    public var login: String?
    /// The database, bucket or whatever the type makes of it.
    public var schema: String?
    /// What the connection is for; nil when it is not described.
    public var description: String?
    /// The sealed text of each part that is a secret and not empty; a store does not look into it.
    public var sealed: [SealedField: String]

    /// A record with the parts in `sealed` as they are to be kept.
    public init(
        id: ConnectionID,
        type: String,
        host: String? = nil,
        port: Int? = nil,
        login: String? = nil,
        schema: String? = nil,
        description: String? = nil,
        sealed: [SealedField: String] = [:]
    ) {
        self.id = id
        self.type = type
        self.host = host
        self.port = port
        self.login = login
        self.schema = schema
        self.description = description
        self.sealed = sealed
    }
}
