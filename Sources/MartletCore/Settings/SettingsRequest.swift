/// The settings that a step asks for; it gets no others.
public struct SettingsRequest: Hashable, Sendable {
    /// The variables, by name.
    public var variables: [VariableName]
    /// The connections, by id.
    public var connections: [ConnectionID]

    /// A request for these; for nothing, unless told otherwise.
    public init(variables: [VariableName] = [], connections: [ConnectionID] = []) {
        self.variables = variables
        self.connections = connections
    }

    /// Whether it asks for nothing.
    public var isEmpty: Bool { variables.isEmpty && connections.isEmpty }

    /// Whether `path`, as in `vars.region` or `connections.warehouse.host`, begins with something asked for.
    public func covers(_ path: [String]) -> Bool {
        switch path.first {
        case "vars": Self.match(path, among: Set(variables.map(\.rawValue))) != nil
        case "connections": Self.match(path, among: Set(connections.map(\.rawValue))) != nil
        default: false
        }
    }

    /// The name that follows the first word of `path`, and the members after it.
    ///
    /// A name may have dots of its own, so the longest that is known counts.
    static func match(_ path: [String], among names: Set<String>) -> (name: String, members: ArraySlice<String>)? {
        for end in stride(from: path.count, to: 1, by: -1) {
            let name = path[1..<end].joined(separator: ".")
            if names.contains(name) { return (name, path[end...]) }
        }
        return nil
    }
}
