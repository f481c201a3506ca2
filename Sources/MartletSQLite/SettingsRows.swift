import GRDB
import MartletCore

/// A variable as a row of `variables`.
enum VariableRow {
    static let columns = "name, content, is_secret, description"

    /// Inserts a variable, or changes the one of its name.
    static let write = """
        INSERT INTO variables (\(columns)) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
            content = excluded.content, is_secret = excluded.is_secret, description = excluded.description
        """

    static func arguments(_ variable: StoredVariable) -> StatementArguments {
        [variable.name.rawValue, variable.content, variable.isSecret, column(variable.description)]
    }

    static func variable(_ row: Row) -> StoredVariable {
        StoredVariable(name: VariableName(trusted: row[0]), content: row[1], isSecret: row[2], description: row[3])
    }
}

/// A connection as a row of `connections`.
enum ConnectionRow {
    static let columns = "id, type, host, port, login, schema, description, sealed_password, sealed_extra"

    /// Inserts a connection, or changes the one of its id.
    static let write = """
        INSERT INTO connections (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            type = excluded.type, host = excluded.host, port = excluded.port, login = excluded.login,
            schema = excluded.schema, description = excluded.description,
            sealed_password = excluded.sealed_password, sealed_extra = excluded.sealed_extra
        """

    /// The column of a sealed part.
    static func name(of field: StoredConnection.SealedField) -> String {
        switch field {
        case .password: "sealed_password"
        case .extra: "sealed_extra"
        }
    }

    static func arguments(_ connection: StoredConnection) -> StatementArguments {
        [
            connection.id.rawValue, connection.type, column(connection.host), connection.port,
            column(connection.login), column(connection.schema), column(connection.description),
            connection.sealed[.password], connection.sealed[.extra],
        ]
    }

    static func connection(_ row: Row) -> StoredConnection {
        var sealed: [StoredConnection.SealedField: String] = [:]
        if let password: String = row[7] { sealed[.password] = password }
        if let extra: String = row[8] { sealed[.extra] = extra }
        return StoredConnection(
            id: ConnectionID(trusted: row[0]),
            type: row[1],
            host: row[2],
            port: row[3],
            login: row[4],
            schema: row[5],
            description: row[6],
            sealed: sealed
        )
    }
}

/// A pool as a row of `pools`.
enum PoolRow {
    static let columns = "name, slots, description, includes_deferred"

    /// Inserts a pool, or changes the one of its name.
    static let write = """
        INSERT INTO pools (\(columns)) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET
            slots = excluded.slots, description = excluded.description,
            includes_deferred = excluded.includes_deferred
        """

    static func arguments(_ pool: Pool) -> StatementArguments {
        [pool.name.rawValue, pool.slots, column(pool.description), pool.includesDeferred]
    }

    static func pool(_ row: Row) -> Pool {
        Pool(name: PoolName(trusted: row[0]), slots: row[1], description: row[2], includesDeferred: row[3])
    }
}
