import GRDB
public import MartletCore

// Settings are few and change seldom: each change is a short transaction of its own, on the writer's queue.
extension SQLiteRunStore: SettingsStore {
    /// All variables, by name.
    public func variables() async throws(MartletError) -> [StoredVariable] {
        try await read { try SettingsReader(db: $0).variables() }
    }

    /// The variable of that name, or nil.
    public func variable(_ name: VariableName) async throws(MartletError) -> StoredVariable? {
        try await read { try SettingsReader(db: $0).variable(name) }
    }

    /// All connections, by id.
    public func connections() async throws(MartletError) -> [StoredConnection] {
        try await read { try SettingsReader(db: $0).connections() }
    }

    /// The connection of that id, or nil.
    public func connection(_ id: ConnectionID) async throws(MartletError) -> StoredConnection? {
        try await read { try SettingsReader(db: $0).connection(id) }
    }

    /// All pools, by name.
    public func pools() async throws(MartletError) -> [Pool] {
        try await read { try SettingsReader(db: $0).pools() }
    }

    /// The pool of that name, or nil.
    public func pool(_ name: PoolName) async throws(MartletError) -> Pool? {
        try await read { try SettingsReader(db: $0).pool(name) }
    }

    /// Makes all of the changes or none of them; they are on the disk when this returns.
    @discardableResult
    public func apply(_ changes: [SettingsChange]) async throws(MartletError) -> Int {
        if changes.isEmpty { return 0 }
        return try await write { db in
            // What was plain text may become a secret: its former bytes must not stay in free space of the file.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            defer { try? db.execute(sql: "PRAGMA secure_delete = OFF") }
            let writer = SettingsWriter(db: db)
            return try changes.count { try writer.make($0) }
        }
    }
}
