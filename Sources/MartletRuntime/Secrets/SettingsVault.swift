public import MartletCore

/// Variables and connections as people and steps see them, over a store that sees only sealed secrets.
public struct SettingsVault: Sendable {
    /// The store beneath, for what needs no key.
    public let store: any SettingsStore
    let keys: SecretKeySource

    /// A vault that seals with `keys` what it puts into `store`.
    public init(store: any SettingsStore, keys: SecretKeySource) {
        self.store = store
        self.keys = keys
    }

    /// The variable of that name, or nil.
    ///
    /// - Throws: ``MartletError`` MT1040 to MT1044 when it is a secret that cannot be opened, MT8xxx from the store.
    public func variable(_ name: VariableName) async throws(MartletError) -> Variable? {
        guard let stored = try await store.variable(name) else { return nil }
        return try open([stored]).first
    }

    /// The connection of that id, or nil.
    ///
    /// - Throws: ``MartletError`` MT1040 to MT1044 when its secrets cannot be opened, MT8xxx from the store.
    public func connection(_ id: ConnectionID) async throws(MartletError) -> Connection? {
        guard let stored = try await store.connection(id) else { return nil }
        return try open([stored]).first
    }

    /// The variables that `records` hold.
    ///
    /// - Throws: ``MartletError`` MT1040 to MT1044 when a secret cannot be opened, MT8007 for a record that is damaged.
    public func open(_ records: [StoredVariable]) throws(MartletError) -> [Variable] {
        let ring = try ring(for: records.filter(\.isSecret).map { ($0.content, "variable \($0.name)") })
        var opened: [Variable] = []
        for record in records {
            var json = record.content
            if record.isSecret, let ring { json = try ring.open(json, for: .variable(record.name)) }
            guard let value = try? JSONText.decode(JSONValue.self, from: json) else {
                throw Self.damaged("variable \(record.name)")
            }
            opened.append(
                Variable(record.name, value, isSecret: record.isSecret, description: record.description)
            )
        }
        return opened
    }

    /// The connections that `records` hold.
    ///
    /// - Throws: ``MartletError`` MT1040 to MT1044 when a secret cannot be opened, MT8007 for a record that is damaged.
    public func open(_ records: [StoredConnection]) throws(MartletError) -> [Connection] {
        let sealed = records.flatMap { record in record.sealed.values.map { ($0, "connection \(record.id)") } }
        let ring = try ring(for: sealed)
        var opened: [Connection] = []
        for record in records {
            var texts: [StoredConnection.SealedField: String] = [:]
            for (field, text) in record.sealed {
                texts[field] = try ring?.open(text, for: .connection(record.id, field))
            }
            var extra: [String: JSONValue] = [:]
            if let json = texts[.extra] {
                guard case .object(let members) = try? JSONText.decode(JSONValue.self, from: json) else {
                    throw Self.damaged("connection \(record.id)")
                }
                extra = members
            }
            opened.append(
                try Connection(
                    id: record.id,
                    type: record.type,
                    host: record.host,
                    port: record.port,
                    login: record.login,
                    password: texts[.password],
                    schema: record.schema,
                    extra: extra,
                    description: record.description
                )
            )
        }
        return opened
    }

    /// Seals the secrets and puts all of the settings into the store, or none of them.
    ///
    /// A key is made when there is none and nothing has been sealed yet.
    ///
    /// - Throws: ``MartletError`` MT1016 for what is too large, MT1040 to MT1043 when there is no key to seal with or
    ///   other values were sealed with another one, MT8xxx when something cannot be written.
    public func set(
        variables: [Variable] = [],
        connections: [Connection] = []
    ) async throws(MartletError) {
        for variable in variables { try variable.validate() }
        let hasSecrets =
            variables.contains(where: \.isSecret) || connections.contains { $0.password != nil || !$0.extra.isEmpty }
        while true {
            let ring = hasSecrets ? try await ringForSealing(replacing: variables, connections) : nil
            try await store.apply(try changes(variables, connections, ring))
            // The key may have been retired by rotations while it was used; then it is done again with the new one.
            guard let ring, let now = try keys.load(), !now.ids.contains(ring.current.id) else { return }
        }
    }

    private func changes(
        _ variables: [Variable],
        _ connections: [Connection],
        _ ring: SecretKeyRing?
    ) throws(MartletError) -> [SettingsChange] {
        var changes: [SettingsChange] = []
        for variable in variables {
            var content = variable.value.jsonText
            if variable.isSecret, let ring { content = try ring.seal(content, for: .variable(variable.name)) }
            let record = StoredVariable(
                name: variable.name,
                content: content,
                isSecret: variable.isSecret,
                description: variable.description
            )
            changes.append(.setVariable(record))
        }
        for connection in connections { changes.append(.setConnection(try seal(connection, ring))) }
        return changes
    }

    private func seal(_ connection: Connection, _ ring: SecretKeyRing?) throws(MartletError) -> StoredConnection {
        var record = StoredConnection(
            id: connection.id,
            type: connection.type,
            host: connection.host,
            port: connection.port,
            login: connection.login,
            schema: connection.schema,
            description: connection.description
        )
        if let password = connection.password, let ring {
            record.sealed[.password] = try ring.seal(password, for: .connection(connection.id, .password))
        }
        if !connection.extra.isEmpty, let ring {
            let json = JSONValue.object(connection.extra).jsonText
            record.sealed[.extra] = try ring.seal(json, for: .connection(connection.id, .extra))
        }
        return record
    }

    /// The keys that open `sealed`, which is told with what it belongs to; nil when nothing is sealed.
    private func ring(for sealed: [(text: String, owner: String)]) throws(MartletError) -> SecretKeyRing? {
        guard let first = sealed.first else { return nil }
        if let ring = try keys.load() { return ring }
        let id = SealedText(first.text).map { "key \($0.keyID)" } ?? "a key"
        let reason = "\(first.owner) is sealed with \(id), and \(keys.description) is not there"
        throw missing(reason)
    }

    func missing(_ reason: String) -> MartletError {
        MartletError(
            .secretKeyMissing,
            "there is no secret key",
            reason: reason,
            remedy: "restore the file, or set \(SecretKeySource.keyVariable); see `martlet secrets key`"
        )
    }

    private static func damaged(_ what: String) -> MartletError {
        MartletError(
            .storeDamaged,
            "\(what) cannot be read from the store",
            reason: "its content does not have the shape that Martlet wrote",
            remedy: "delete it and set it again"
        )
    }
}
