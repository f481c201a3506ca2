public import MartletCore

/// Finds the settings that a step asks for: in the environment first, then in the store.
public struct SettingsResolver: Sendable {
    private let environment: SettingsEnvironment
    private let vault: SettingsVault

    /// A resolver that looks into `environment` before it looks into `vault`.
    public init(environment: SettingsEnvironment, vault: SettingsVault) {
        self.environment = environment
        self.vault = vault
    }

    /// Where a setting was found.
    public enum Source: String, Sendable {
        case environment, store
    }

    /// The settings that `step` asks for, and the texts to mask for it.
    ///
    /// - Throws: ``MartletError`` MT2040 or MT2041 for one that is not defined, MT1048 for a connection in the
    ///   environment that is wrong, MT1007 for two with one name in the environment, MT1040 to MT1044 when a secret
    ///   cannot be opened, MT1016 when there is too much secret text, MT8xxx from the store.
    public func resolve(_ request: SettingsRequest, for step: StepID) async throws(MartletError) -> ResolvedSettings {
        var settings = ResolvedSettings()
        if request.isEmpty { return settings }
        try checkNames(request.variables.map { ($0.rawValue, $0.environmentSuffix) }, "variables", step)
        try checkNames(request.connections.map { ($0.rawValue, $0.environmentSuffix) }, "connections", step)
        var secrets: Set<String> = []
        for name in request.variables {
            guard let (variable, _) = try await variable(name) else { throw try await undefined(name, step) }
            settings.variables[name] = variable.value
            secrets.formUnion(SecretTexts.of(variable))
        }
        for id in request.connections {
            guard let (connection, _) = try await connection(id) else { throw try await undefined(id, step) }
            settings.connections[id] = connection
            secrets.formUnion(SecretTexts.of(connection))
        }
        if secrets.reduce(0, { $0 + $1.utf8.count }) > Limits.secretBytesPerAttempt {
            throw MartletError(
                .limitExceeded,
                "step \(step) asks for more than \(Limits.secretBytesPerAttempt >> 10) KiB of secrets",
                remedy: "keep large secrets in files, and their paths in variables"
            )
        }
        settings.secrets = secrets.sorted()
        return settings
    }

    /// Whether the environment defines the variable, whatever the store has.
    public func isInEnvironment(_ name: VariableName) -> Bool { environment.text(of: name) != nil }

    /// The variable of that name, and where it was found; nil when it is nowhere.
    ///
    /// One from the environment is a secret when the store says so of its name, or when the name sounds like one.
    public func variable(_ name: VariableName) async throws(MartletError) -> (Variable, Source)? {
        if let found = environment.text(of: name) {
            let stored = try await vault.store.variable(name)
            let isSecret = stored?.isSecret ?? SettingRules.soundsSecret(name.rawValue)
            let value = SettingRules.value(from: found.text)
            return (Variable(name, value, isSecret: isSecret, description: stored?.description), .environment)
        }
        return try await vault.variable(name).map { ($0, .store) }
    }

    /// The connection of that id, and where it was found; nil when it is nowhere.
    ///
    /// - Throws: ``MartletError`` MT1048 for one in the environment that is wrong.
    public func connection(_ id: ConnectionID) async throws(MartletError) -> (Connection, Source)? {
        guard let found = environment.text(of: id) else {
            return try await vault.connection(id).map { ($0, .store) }
        }
        do throws(MartletError) {
            return (try Connection(id: id, text: found.text), .environment)
        } catch {
            var told = error
            told.message += " (in \(found.key))"
            throw told
        }
    }

    private func checkNames(_ names: [(name: String, key: String)], _ kind: String, _ step: StepID) throws(MartletError)
    {
        for (key, group) in Dictionary(grouping: names, by: \.key).sorted(by: { $0.key < $1.key }) {
            let different = Set(group.map(\.name)).sorted()
            guard different.count > 1 else { continue }
            throw MartletError(
                .nameDuplicate,
                "step \(step) asks for \(kind) that have one name in the environment, …_\(key)",
                reason: "they are \(different.joined(separator: ", "))",
                remedy: "rename one of them"
            )
        }
    }

    private func undefined(_ name: VariableName, _ step: StepID) async throws(MartletError) -> MartletError {
        let known = try await vault.store.variables().map(\.name.rawValue)
        return MartletError(
            .variableUndefined,
            "step \(step) asks for variable \(name), which is not defined",
            reason: "neither MARTLET_VAR_\(name.environmentSuffix) nor the store has it",
            remedy: NearestName.of(name.rawValue, among: known).map { "did you mean \($0)?" }
                ?? "set it with `martlet variables set \(name) VALUE`"
        )
    }

    private func undefined(_ id: ConnectionID, _ step: StepID) async throws(MartletError) -> MartletError {
        let known = try await vault.store.connections().map(\.id.rawValue)
        return MartletError(
            .connectionUndefined,
            "step \(step) asks for connection \(id), which is not defined",
            reason: "neither MARTLET_CONN_\(id.environmentSuffix) nor the store has it",
            remedy: NearestName.of(id.rawValue, among: known).map { "did you mean \($0)?" }
                ?? "set it with `martlet connections set \(id) --stdin`"
        )
    }
}
