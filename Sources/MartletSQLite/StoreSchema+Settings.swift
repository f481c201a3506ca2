import GRDB

extension StoreSchema {
    static func registerSettings(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("v2 settings", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: settings)
        }
    }

    // Secrets are sealed before they come here.
    private static let settings = """
        CREATE TABLE variables (
            name TEXT NOT NULL PRIMARY KEY,
            content TEXT NOT NULL,
            is_secret INTEGER NOT NULL CHECK (is_secret IN (0, 1)),
            description TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE connections (
            id TEXT NOT NULL PRIMARY KEY,
            type TEXT NOT NULL,
            host TEXT,
            port INTEGER CHECK (port BETWEEN 1 AND 65535),
            login TEXT,
            schema TEXT,
            description TEXT,
            sealed_password TEXT,
            sealed_extra TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE pools (
            name TEXT NOT NULL PRIMARY KEY,
            slots INTEGER NOT NULL CHECK (slots >= -1),
            description TEXT,
            includes_deferred INTEGER NOT NULL CHECK (includes_deferred IN (0, 1))
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER default_pool_is_never_deleted BEFORE DELETE ON pools WHEN old.name = 'default_pool'
        BEGIN SELECT RAISE(ABORT, 'default_pool cannot be deleted'); END;

        INSERT INTO pools VALUES ('default_pool', 128, 'The pool of steps that name none', 0);
        """
}
