import GRDB
import MartletCore

/// Makes changes of settings, within a transaction of the caller's.
struct SettingsWriter {
    let db: Database

    /// Makes the change; false when there was nothing to change.
    func make(_ change: SettingsChange) throws -> Bool {
        switch change {
        case .setVariable(let variable):
            try run(VariableRow.write, VariableRow.arguments(variable))
        case .deleteVariable(let name):
            try run("DELETE FROM variables WHERE name = ?", [name.rawValue])
        case .setConnection(let connection):
            try run(ConnectionRow.write, ConnectionRow.arguments(connection))
        case .deleteConnection(let id):
            try run("DELETE FROM connections WHERE id = ?", [id.rawValue])
        case .setPool(let pool):
            try run(PoolRow.write, PoolRow.arguments(pool))
        case .deletePool(.defaultPool):
            throw MartletError(
                .poolProtected,
                "pool \(PoolName.defaultPool) cannot be deleted",
                reason: "it is the pool of all steps that name none",
                remedy: "change its slots with `martlet pools set \(PoolName.defaultPool) SLOTS`"
            )
        case .deletePool(let name):
            try run("DELETE FROM pools WHERE name = ?", [name.rawValue])
        case .resealVariable(let name, let from, let to):
            try run(
                "UPDATE variables SET content = ? WHERE name = ? AND is_secret AND content = ?",
                [to, name.rawValue, from]
            )
        case .resealConnection(let id, let field, let from, let to):
            let column = ConnectionRow.name(of: field)
            try run("UPDATE connections SET \(column) = ? WHERE id = ? AND \(column) = ?", [to, id.rawValue, from])
        }
        return db.changesCount > 0
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
