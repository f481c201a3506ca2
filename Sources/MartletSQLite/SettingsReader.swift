import GRDB
import MartletCore

/// Reads settings from the tables.
struct SettingsReader {
    let db: Database

    func variables() throws -> [StoredVariable] {
        try all("SELECT \(VariableRow.columns) FROM variables ORDER BY name", [], VariableRow.variable)
    }

    func variable(_ name: VariableName) throws -> StoredVariable? {
        let sql = "SELECT \(VariableRow.columns) FROM variables WHERE name = ?"
        return try all(sql, [name.rawValue], VariableRow.variable).first
    }

    func connections() throws -> [StoredConnection] {
        try all("SELECT \(ConnectionRow.columns) FROM connections ORDER BY id", [], ConnectionRow.connection)
    }

    func connection(_ id: ConnectionID) throws -> StoredConnection? {
        let sql = "SELECT \(ConnectionRow.columns) FROM connections WHERE id = ?"
        return try all(sql, [id.rawValue], ConnectionRow.connection).first
    }

    func pools() throws -> [Pool] { try all("SELECT \(PoolRow.columns) FROM pools ORDER BY name", [], PoolRow.pool) }

    func pool(_ name: PoolName) throws -> Pool? {
        try all("SELECT \(PoolRow.columns) FROM pools WHERE name = ?", [name.rawValue], PoolRow.pool).first
    }

    private func all<Value>(
        _ sql: String,
        _ arguments: StatementArguments,
        _ value: @escaping (Row) -> Value
    ) throws -> [Value] {
        try Array(Row.fetchCursor(db.cachedStatement(sql: sql), arguments: arguments).map(value))
    }
}
