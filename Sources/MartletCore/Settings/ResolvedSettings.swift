/// The settings that one attempt was given, with their secrets.
///
/// They live in memory and in the environment of the attempt's process; nothing writes them to a file.
public struct ResolvedSettings: Sendable {
    /// The values of the variables asked for.
    public var variables: [VariableName: JSONValue]
    /// The connections asked for.
    public var connections: [ConnectionID: Connection]
    /// The texts to mask in all that the attempt prints and reports.
    public var secrets: [String]

    /// Settings with these values; none, unless told otherwise.
    public init(
        variables: [VariableName: JSONValue] = [:],
        connections: [ConnectionID: Connection] = [:],
        secrets: [String] = []
    ) {
        self.variables = variables
        self.connections = connections
        self.secrets = secrets
    }

    /// What the process sees: `MARTLET_VAR_<NAME>` and `MARTLET_CONN_<ID>`, the connections as URIs.
    public var environment: [String: String] {
        var environment: [String: String] = [:]
        for (name, value) in variables { environment["MARTLET_VAR_\(name.environmentSuffix)"] = value.displayText }
        for (id, connection) in connections { environment["MARTLET_CONN_\(id.environmentSuffix)"] = connection.uri }
        return environment
    }

    /// The values that templates see: the objects `vars` and `connections`.
    public var templateValues: [String: JSONValue] {
        let variables = variables.map { ($0.key.rawValue, $0.value) }
        let connections = connections.map { ($0.key.rawValue, $0.value.templateValue) }
        return [
            "vars": .object(Dictionary(variables) { first, _ in first }),
            "connections": .object(Dictionary(connections) { first, _ in first }),
        ]
    }

    /// The value of a name in a template that begins with `vars` or `connections`, or nil.
    public func lookup(_ path: [String]) -> JSONValue? {
        switch path.first {
        case "vars":
            guard let found = SettingsRequest.match(path, among: Set(variables.keys.map(\.rawValue))) else {
                return nil
            }
            return TemplateContext.member(variables[VariableName(trusted: found.name)], found.members)
        case "connections":
            guard let found = SettingsRequest.match(path, among: Set(connections.keys.map(\.rawValue))) else {
                return nil
            }
            let connection = connections[ConnectionID(trusted: found.name)]
            return TemplateContext.member(connection?.templateValue, found.members)
        default:
            return nil
        }
    }
}

extension ResolvedSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names alone: values must not reach a log by way of a description.
    public var description: String {
        let names = variables.keys.map(\.rawValue).sorted() + connections.keys.map(\.rawValue).sorted()
        return "settings \(names.joined(separator: ", "))"
    }
    /// The names alone.
    public var debugDescription: String { description }
    /// Shows no members.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
