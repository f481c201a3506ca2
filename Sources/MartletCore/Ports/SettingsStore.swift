/// Keeps the settings of a project: variables, connections and pools.
///
/// Secrets arrive sealed and stay opaque to the store. Lists are ordered by name.
public protocol SettingsStore: Sendable {
    /// All variables.
    func variables() async throws(MartletError) -> [StoredVariable]

    /// The variable of that name, or nil.
    func variable(_ name: VariableName) async throws(MartletError) -> StoredVariable?

    /// All connections.
    func connections() async throws(MartletError) -> [StoredConnection]

    /// The connection of that id, or nil.
    func connection(_ id: ConnectionID) async throws(MartletError) -> StoredConnection?

    /// All pools, `default_pool` always among them.
    func pools() async throws(MartletError) -> [Pool]

    /// The pool of that name, or nil.
    func pool(_ name: PoolName) async throws(MartletError) -> Pool?

    /// Makes all of the changes or none of them, in order; they are on the disk when this returns.
    ///
    /// - Returns: how many of them took effect; deleting what is not there, or resealing what was changed, does not.
    /// - Throws: ``MartletError`` MT1049 when `default_pool` would be deleted, MT8001 or MT8004 when the store cannot be
    ///   written.
    @discardableResult
    func apply(_ changes: [SettingsChange]) async throws(MartletError) -> Int

    /// Writes out what is pending and lets go of the store.
    func close() async
}

/// One change of a project's settings.
public enum SettingsChange: Hashable, Sendable {
    /// Adds the variable, or replaces the one of its name.
    case setVariable(StoredVariable)
    case deleteVariable(VariableName)
    /// Adds the connection, or replaces the one of its id.
    case setConnection(StoredConnection)
    case deleteConnection(ConnectionID)
    /// Adds the pool, or replaces the one of its name.
    case setPool(Pool)
    case deletePool(PoolName)
    /// Replaces the content of a secret variable where it still is `from`: what was set anew meanwhile stays.
    case resealVariable(VariableName, from: String, to: String)
    /// Replaces a sealed part of a connection where it still is `from`.
    case resealConnection(ConnectionID, StoredConnection.SealedField, from: String, to: String)
}
