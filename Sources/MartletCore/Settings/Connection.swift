/// How to reach an outside system: where it is, and whom it lets in.
public struct Connection: Hashable, Sendable {
    /// The connection's id.
    public var id: ConnectionID
    /// The kind of system, as in `postgres` or `s3`: lower case, `_` between words.
    public let type: String
    /// The machine, or a URL where the system is reached by one; nil when there is none.
    public var host: String?
    /// The TCP port.
    public var port: Int?
    /// The user.
    public var login: String?
    /// The password; a secret.
    public var password: String?
    /// The database, bucket or whatever the type makes of it.
    public var schema: String?
    /// All else that the type knows; a secret as a whole.
    public var extra: [String: JSONValue]
    /// What the connection is for; nil when it is not described.
    public var description: String?

    /// A connection of `type`; empty texts count as none.
    ///
    /// - Throws: ``MartletError`` MT1048 for a type that cannot be one or a port outside 1 to 65535, MT1016 for fields
    ///   that are too long.
    public init(
        id: ConnectionID,
        type: String,
        host: String? = nil,
        port: Int? = nil,
        login: String? = nil,
        password: String? = nil,
        schema: String? = nil,
        extra: [String: JSONValue] = [:],
        description: String? = nil
    ) throws(MartletError) {
        func given(_ text: String?) -> String? { text?.isEmpty == true ? nil : text }
        self.id = id
        self.type = try Self.normalize(type, of: id)
        self.host = given(host)
        self.port = port
        self.login = given(login)
        self.password = given(password)
        self.schema = given(schema)
        self.extra = extra
        self.description = given(description)
        try validate()
    }

    /// Airflow's spelling of types: lower case, `_` for `-`, and `postgres` for `postgresql`.
    private static func normalize(_ type: String, of id: ConnectionID) throws(MartletError) -> String {
        let plain = String(type.lowercased().map { $0 == "-" ? "_" : $0 })
        let isWord = plain.utf8.allSatisfy {
            NameRules.isLetter($0) || NameRules.isDigit($0) || "_+.".utf8.contains($0)
        }
        guard let first = plain.utf8.first, NameRules.isLetter(first), isWord, plain.utf8.count <= Limits.nameBytes
        else {
            throw MartletError(
                .connectionInvalid,
                "connection \(id) has no type that could be one",
                reason: "a type is a word of letters, digits and _, as in postgres; a letter stands first",
                remedy: "write its type, or a URI that begins with it: postgres://host/database"
            )
        }
        return plain == "postgresql" ? "postgres" : plain
    }

    private func validate() throws(MartletError) {
        try SettingRules.check(description: description, of: "connection \(id)")
        if let port, !(1...65_535).contains(port) {
            throw MartletError(.connectionInvalid, "connection \(id) has port \(port)", remedy: "use 1 to 65535")
        }
        let sizes = [host, login, password, schema].map { $0?.utf8.count ?? 0 }
        let extraSize = extra.isEmpty ? 0 : JSONValue.object(extra).jsonText.utf8.count
        guard sizes.reduce(extraSize, +) > Limits.settingBytes else { return }
        throw MartletError(
            .limitExceeded,
            "connection \(id) is larger than \(Limits.settingBytes >> 10) KiB",
            remedy: "keep large parts in a file, and its path in extra"
        )
    }

    /// The members that templates may use; one that is not set is not defined.
    static let templateMembers = [
        "id", "type", "host", "port", "login", "password", "schema", "extra", "description", "uri",
    ]

    /// The connection as templates see it; a member that is not set is not there.
    public var templateValue: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id.rawValue), "type": .string(type), "uri": .string(uri), "extra": .object(extra),
        ]
        for (key, text) in [
            ("host", host), ("login", login), ("password", password), ("schema", schema), ("description", description),
        ] {
            if let text { members[key] = .string(text) }
        }
        if let port { members["port"] = .integer(port) }
        return .object(members)
    }
}

extension Connection: CustomDebugStringConvertible {
    /// The URI without its secrets: they must not reach a log by way of a description.
    public var debugDescription: String { "connection \(id), \(maskedURI)" }
}
