// The form of a connection as a URI is Airflow's (airflow.models.connection.Connection, version 3):
// type://login:password@host:port/schema?key=value, every part percent-encoded. What a query cannot hold stands as JSON
// under `__extra__`; a host that is a URL has its scheme after the type, as in http://https://example.com.
extension Connection {
    /// The key of a query that holds all of `extra` as JSON.
    private static let extraKey = "__extra__"

    /// The connection as a URI, its password and all.
    public var uri: String { uri(masked: false) }

    /// The connection as a URI with `***` for its password and for what `extra` holds.
    public var maskedURI: String { uri(masked: true) }

    private func uri(masked: Bool) -> String {
        var text = String(type.map { $0 == "_" ? "-" : $0 }) + "://"
        var host = host
        // Airflow's reader would take both schemes for one if they were the same.
        if let (scheme, rest) = URIText.leadingScheme(of: host ?? ""), scheme != type {
            text += "\(scheme)://"
            host = rest
        }
        if login != nil || password != nil {
            text += URIText.encode(login ?? "")
            if let password { text += ":" + (masked ? SettingRules.mask : URIText.encode(password)) }
            text += "@"
        } else if port != nil, (host ?? "").isEmpty {
            text += "@"
        }
        text += URIText.encode(host ?? "")
        if let port { text += ":\(port)" }
        if let schema { text += "/" + URIText.encode(schema) }
        if extra.isEmpty { return text }
        return text + (schema == nil ? "/?" : "?") + query(masked: masked)
    }

    private func query(masked: Bool) -> String {
        let keys = extra.keys.sorted()
        if masked { return keys.map { "\(URIText.encode($0))=\(SettingRules.mask)" }.joined(separator: "&") }
        let texts = extra.compactMapValues(\.stringValue)
        if texts.count < extra.count || extra[Self.extraKey] != nil {
            return "\(Self.extraKey)=\(URIText.encode(JSONValue.object(extra).jsonText))"
        }
        return keys.map { "\(URIText.encode($0))=\(URIText.encode(texts[$0] ?? ""))" }.joined(separator: "&")
    }

    /// The connection that `uri` describes.
    ///
    /// Errors never repeat the URI, because it may hold a password.
    ///
    /// - Throws: ``MartletError`` MT1048 for text that is no such URI, and what ``init(id:type:host:port:login:password:schema:extra:description:)``
    ///   throws.
    public init(id: ConnectionID, uri: String, description: String? = nil) throws(MartletError) {
        func wrong(_ reason: String, _ remedy: String) -> MartletError {
            MartletError(.connectionInvalid, "the URI of connection \(id) is wrong", reason: reason, remedy: remedy)
        }
        guard let (type, afterType) = URIText.leadingScheme(of: uri) else {
            throw wrong("it does not begin with a type and ://", "write type://login:password@host:port/schema")
        }
        if uri.utf8.contains(UInt8(ascii: "#")) {
            throw wrong("it holds a #, which ends a URI's readable part", "write # as %23")
        }
        var rest = Substring(afterType)
        var scheme: String?
        if let (found, after) = URIText.leadingScheme(of: afterType) { (scheme, rest) = (found, Substring(after)) }

        let (beforeQuery, query) = URIText.split(rest, at: "?")
        let (authority, path) = URIText.split(beforeQuery, at: "/")
        let (credentials, place) = URIText.split(authority, atLast: "@")
        let (login, password) = URIText.split(credentials ?? "", at: ":")
        guard let (host, port) = URIText.hostAndPort(place) else {
            throw wrong("what follows the last : is no port", "write the port in digits, and other : as %3A")
        }
        func decode(_ text: Substring?, inQuery: Bool = false) throws(MartletError) -> String? {
            guard let text, !text.isEmpty else { return nil }
            if let decoded = URIText.decode(text, inQuery: inQuery) { return decoded }
            throw wrong("a part of it is not UTF-8 once decoded", "percent-encode the bytes of UTF-8")
        }
        var extra: [String: JSONValue] = [:]
        for pair in query?.split(separator: "&") ?? [] {
            let (key, value) = URIText.split(pair, at: "=")
            extra[try decode(key, inQuery: true) ?? ""] = .string(try decode(value, inQuery: true) ?? "")
        }
        if let json = extra[Self.extraKey]?.stringValue {
            extra = try Self.members(of: json, id, "its extra is not a JSON object")
        }
        let decodedHost = try decode(host)
        try self.init(
            id: id,
            type: type,
            host: scheme.map { "\($0)://\(decodedHost ?? "")" } ?? decodedHost,
            port: port,
            login: try decode(login),
            password: try decode(password),
            schema: try decode(path),
            extra: extra,
            description: description
        )
    }

    /// The object that `json` is.
    ///
    /// - Throws: ``MartletError`` MT1048 when it is none.
    static func members(
        of json: String,
        _ id: ConnectionID,
        _ reason: String
    ) throws(MartletError) -> [String: JSONValue] {
        if case .object(let members) = JSONValue(checkedText: json) { return members }
        throw MartletError(
            .connectionInvalid,
            "connection \(id) is wrong",
            reason: reason,
            remedy: "write it as {\"key\": \"value\"}"
        )
    }
}
