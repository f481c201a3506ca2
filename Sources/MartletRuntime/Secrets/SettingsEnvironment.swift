import MartletCore

/// The variables and connections that environment variables define, by Martlet's names or Airflow's.
public struct SettingsEnvironment: Sendable {
    private static let variablePrefixes = ["MARTLET_VAR_", "AIRFLOW_VAR_"]
    private static let connectionPrefixes = ["MARTLET_CONN_", "AIRFLOW_CONN_"]

    private let environment: [String: String]

    /// The settings that stand in `environment`.
    public init(_ environment: [String: String]) { self.environment = environment }

    /// The text of a variable, and the environment variable that holds it.
    func text(of name: VariableName) -> (text: String, key: String)? {
        find(Self.variablePrefixes, [name.environmentSuffix, name.rawValue.uppercased()])
    }

    /// The text of a connection, a URI or JSON, and the environment variable that holds it.
    func text(of id: ConnectionID) -> (text: String, key: String)? {
        find(Self.connectionPrefixes, [id.environmentSuffix, id.rawValue.uppercased()])
    }

    private func find(_ prefixes: [String], _ suffixes: [String]) -> (text: String, key: String)? {
        for prefix in prefixes {
            for suffix in suffixes {
                if let text = environment[prefix + suffix] { return (text, prefix + suffix) }
            }
        }
        return nil
    }

    /// `environment` without settings and keys: what a process may inherit that has not asked for them.
    public static func withheld(from environment: [String: String]) -> [String: String] {
        let keys = [SecretKeySource.keyVariable, SecretKeySource.fileVariable]
        let prefixes = variablePrefixes + connectionPrefixes
        return environment.filter { entry in
            !keys.contains(entry.key) && !prefixes.contains { entry.key.hasPrefix($0) }
        }
    }
}
