import MartletCore

/// Finds what notifiers refer to: variables, connections, and the environment.
///
/// Values are looked up for each delivery, so that a secret that is changed is used from then on.
public struct ReceiverSettings: Sendable {
    private let resolver: SettingsResolver?
    private let environment: [String: String]

    /// Looks into `environment`, and by `resolver` into the project's settings; nil where there are none.
    public init(resolver: SettingsResolver?, environment: [String: String]) {
        self.resolver = resolver
        self.environment = environment
    }

    /// A text with its values, and the values alone, which nobody may see.
    struct Resolved: Sendable {
        var texts: [String]
        var secrets: [String]
    }

    /// The texts with what they refer to.
    ///
    /// - Throws: ``MartletError`` MT5056 for what is not defined, and what the vault throws for what cannot be opened.
    func resolve(_ texts: [SettingText]) async throws(MartletError) -> Resolved {
        var values: [[String]: JSONValue] = [:]
        var secrets: Set<String> = []
        for name in Set(texts.flatMap(\.names)) {
            guard let (value, hidden) = try await value(of: name) else { continue }
            values[name] = value
            secrets.insert(value.displayText)
            secrets.formUnion(hidden)
        }
        var resolved = Resolved(texts: [], secrets: secrets.sorted())
        for text in texts { resolved.texts.append(try text.text { values[$0] }) }
        return resolved
    }

    private func value(of path: [String]) async throws(MartletError) -> (JSONValue, secrets: Set<String>)? {
        if path[0] == "env" {
            return environment[path.dropFirst().joined(separator: ".")].map { (.string($0), []) }
        }
        guard let resolver else { return nil }
        // A name may have dots of its own, so the longest that is known counts.
        for end in stride(from: path.count, to: 1, by: -1) {
            let name = path[1..<end].joined(separator: ".")
            let members = path[end...]
            if path[0] == "vars" {
                guard let name = VariableName(rawValue: name), let (found, _) = try await resolver.variable(name),
                    let value = TemplateContext.member(found.value, members)
                else { continue }
                return (value, SecretTexts.of(found))
            }
            guard let id = ConnectionID(rawValue: name), let (found, _) = try await resolver.connection(id),
                let value = TemplateContext.member(found.templateValue, members)
            else { continue }
            return (value, SecretTexts.of(found))
        }
        return nil
    }
}
