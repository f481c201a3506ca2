public import MartletCore
import Synchronization

/// A store of settings that lives as long as the object: the fake of ``SettingsStore``.
public final class InMemorySettingsStore: SettingsStore {
    private struct State {
        var variables: [VariableName: StoredVariable] = [:]
        var connections: [ConnectionID: StoredConnection] = [:]
        var pools: [PoolName: Pool] = [.defaultPool: .standard]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// A store with nothing in it but `default_pool`.
    public init() {}

    /// All variables, by name.
    public func variables() async throws(MartletError) -> [StoredVariable] {
        try withState { state in state.variables.values.sorted { $0.name < $1.name } }
    }

    /// The variable of that name, or nil.
    public func variable(_ name: VariableName) async throws(MartletError) -> StoredVariable? {
        try withState { state in state.variables[name] }
    }

    /// All connections, by id.
    public func connections() async throws(MartletError) -> [StoredConnection] {
        try withState { state in state.connections.values.sorted { $0.id < $1.id } }
    }

    /// The connection of that id, or nil.
    public func connection(_ id: ConnectionID) async throws(MartletError) -> StoredConnection? {
        try withState { state in state.connections[id] }
    }

    /// All pools, by name.
    public func pools() async throws(MartletError) -> [Pool] {
        try withState { state in state.pools.values.sorted { $0.name < $1.name } }
    }

    /// The pool of that name, or nil.
    public func pool(_ name: PoolName) async throws(MartletError) -> Pool? {
        try withState { state in state.pools[name] }
    }

    /// Makes the changes, none when one of them is refused.
    @discardableResult
    public func apply(_ changes: [SettingsChange]) async throws(MartletError) -> Int {
        if changes.contains(.deletePool(.defaultPool)) {
            throw MartletError(.poolProtected, "pool default_pool cannot be deleted")
        }
        return try withState { state in changes.count { Self.make($0, in: &state) } }
    }

    /// Makes every later call fail, except another `close`.
    public func close() async { state.withLock { $0.isClosed = true } }

    private static func make(_ change: SettingsChange, in state: inout State) -> Bool {
        switch change {
        case .setVariable(let variable): state.variables[variable.name] = variable
        case .deleteVariable(let name): return state.variables.removeValue(forKey: name) != nil
        case .setConnection(let connection): state.connections[connection.id] = connection
        case .deleteConnection(let id): return state.connections.removeValue(forKey: id) != nil
        case .setPool(let pool): state.pools[pool.name] = pool
        case .deletePool(let name): return state.pools.removeValue(forKey: name) != nil
        case .resealVariable(let name, let from, let to):
            guard let variable = state.variables[name], variable.isSecret, variable.content == from else {
                return false
            }
            state.variables[name]?.content = to
        case .resealConnection(let id, let field, let from, let to):
            guard state.connections[id]?.sealed[field] == from else { return false }
            state.connections[id]?.sealed[field] = to
        }
        return true
    }

    private func withState<Value: Sendable>(_ body: (inout State) -> Value) throws(MartletError) -> Value {
        let value: Value? = state.withLock { state in state.isClosed ? nil : body(&state) }
        guard let value else { throw MartletError(.internalFault, "the store is used after it was closed") }
        return value
    }
}
