extension Connection {
    /// The connection that `json` describes: a URI as text, or an object with fields.
    ///
    /// Takes Airflow's names of fields too: `conn_type` for `type`, `conn_id` for the id, and `extra` as text.
    ///
    /// - Throws: ``MartletError`` MT1048 for fields that are unknown or of a wrong kind, and for a URI that is wrong.
    public init(id: ConnectionID, json: JSONValue) throws(MartletError) {
        let fields: ConnectionFields
        switch json {
        case .string(let uri):
            try self.init(id: id, uri: uri)
            return
        case .object(let members):
            fields = ConnectionFields(id: id, members: members)
        default:
            throw ConnectionFields(id: id, members: [:]).wrong(
                "it is neither a URI nor an object",
                "write \"type://host\" or {\"type\": ...}"
            )
        }
        try fields.checkNames()
        if let uri = try fields.text("uri") {
            try self.init(id: id, uri: uri, description: try fields.text("description"))
            return
        }
        let type = try fields.text("type")
        let connType = try fields.text("conn_type")
        try self.init(
            id: id,
            type: type ?? connType ?? "",
            host: try fields.text("host"),
            port: try fields.port(),
            login: try fields.text("login"),
            password: try fields.text("password"),
            schema: try fields.text("schema"),
            extra: try fields.extra(),
            description: try fields.text("description")
        )
    }

    /// The connection that `text` is: a URI, or an object in JSON.
    ///
    /// - Throws: ``MartletError`` MT1048 when it is neither.
    public init(id: ConnectionID, text: String) throws(MartletError) {
        // An object and nothing else begins so; all else has to be a URI, and its reader says why it is none.
        guard text.utf8.first(where: { ![32, 9, 10, 13].contains($0) }) == UInt8(ascii: "{") else {
            try self.init(id: id, uri: text)
            return
        }
        try self.init(id: id, json: .object(try Self.members(of: text, id, "it is not JSON")))
    }

    /// The connection as JSON with every field, null where there is none.
    ///
    /// - Parameter revealed: whether the password and what `extra` holds stand in it; else `***` stands for them.
    /// - Returns: an object.
    public func json(revealed: Bool) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
        return .object([
            "id": .string(id.rawValue), "type": .string(type), "description": text(description), "host": text(host),
            "port": port.map(JSONValue.integer) ?? .null, "login": text(login), "schema": text(schema),
            "password": text(revealed ? password : password.map { _ in SettingRules.mask }),
            "extra": .object(revealed ? extra : extra.mapValues { _ in .string(SettingRules.mask) }),
            "uri": .string(revealed ? uri : maskedURI),
        ])
    }
}

/// The members of a connection written as an object.
private struct ConnectionFields {
    let id: ConnectionID
    let members: [String: JSONValue]

    private static let ids = ["id", "conn_id", "connection_id"]
    private static let all =
        ["type", "host", "port", "login", "password", "schema", "extra", "description", "uri", "conn_type"] + ids

    func wrong(_ reason: String, _ remedy: String) -> MartletError {
        MartletError(.connectionInvalid, "connection \(id) is wrong", reason: reason, remedy: remedy)
    }

    func checkNames() throws(MartletError) {
        for key in members.keys.sorted() where !Self.all.contains(key) {
            let nearest = NearestName.of(key, among: Self.all).map { "did you mean \($0)?" }
            throw wrong("\"\(key)\" is not a field", nearest ?? "fields are \(Self.all.joined(separator: ", "))")
        }
        let besideURI = members.filter { $0.value != .null && !(["uri", "description"] + Self.ids).contains($0.key) }
        if let uri = members["uri"], uri != .null, !besideURI.isEmpty {
            throw wrong("it has a uri and other fields", "write the one or the other")
        }
    }

    func text(_ key: String) throws(MartletError) -> String? {
        switch members[key] {
        case nil, .null: return nil
        case .string(let text): return text
        case .integer(let number): return String(number)
        default: throw wrong("\(key) is not text", "write it in quotes")
        }
    }

    func port() throws(MartletError) -> Int? {
        guard let text = try text("port"), !text.isEmpty else { return nil }
        if let port = Int(text) { return port }
        throw wrong("port is not a number", "use 1 to 65535")
    }

    func extra() throws(MartletError) -> [String: JSONValue] {
        switch members["extra"] {
        case nil, .null, .string(""): return [:]
        case .object(let members): return members
        case .string(let json): return try Connection.members(of: json, id, "its extra is not a JSON object")
        default: throw wrong("extra is not an object", "write it as {\"key\": \"value\"}")
        }
    }
}
