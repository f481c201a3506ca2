import GRDB

extension StoreSchema {
    static func registerIncidents(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("v6 incidents and deliveries", foreignKeyChecks: .immediate) { db in
            for sql in [incidents, silences, deliveries] { try db.execute(sql: sql) }
        }
    }

    // An incident is kept whole as JSON; the columns beside it are those it is looked for by.
    private static let incidents = """
        CREATE TABLE incident_book (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            revision INTEGER NOT NULL
        ) STRICT;
        INSERT INTO incident_book VALUES (1, 0);

        CREATE TABLE checks (
            fingerprint TEXT NOT NULL PRIMARY KEY,
            json TEXT NOT NULL CHECK (json_valid(json))
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE incidents (
            position INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            fingerprint TEXT NOT NULL,
            episode INTEGER NOT NULL CHECK (episode >= 1),
            state TEXT NOT NULL CHECK (state IN ('firing', 'acknowledged', 'resolved')),
            pipeline TEXT NOT NULL,
            dataset TEXT NOT NULL,
            failed_us INTEGER NOT NULL,
            json TEXT NOT NULL CHECK (json_valid(json)),
            UNIQUE (fingerprint, episode)
        ) STRICT;

        CREATE INDEX incidents_open ON incidents (id) WHERE state != 'resolved';
        CREATE INDEX incidents_by_age ON incidents (failed_us, id);
        CREATE INDEX incidents_by_state ON incidents (state, failed_us, id);

        CREATE TABLE incident_events (
            position INTEGER PRIMARY KEY,
            incident TEXT NOT NULL REFERENCES incidents (id),
            at_us INTEGER NOT NULL,
            kind TEXT NOT NULL,
            json TEXT NOT NULL CHECK (json_valid(json))
        ) STRICT;

        CREATE INDEX incident_events_by_incident ON incident_events (incident, position);

        CREATE TABLE incident_groups (
            key TEXT NOT NULL PRIMARY KEY,
            json TEXT NOT NULL CHECK (json_valid(json))
        ) STRICT, WITHOUT ROWID;
        """

    private static let silences = """
        CREATE TABLE silences (
            id INTEGER PRIMARY KEY CHECK (id >= 1),
            expires_us INTEGER NOT NULL,
            json TEXT NOT NULL CHECK (json_valid(json))
        ) STRICT;

        CREATE INDEX silences_by_end ON silences (expires_us, id);
        """

    private static let deliveries = """
        CREATE TABLE deliveries (
            position INTEGER PRIMARY KEY,
            notifier TEXT NOT NULL,
            alert_id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            due_us INTEGER NOT NULL,
            settled_us INTEGER,
            alert TEXT NOT NULL CHECK (json_valid(alert)),
            error TEXT CHECK (error IS NULL OR json_valid(error)),
            UNIQUE (notifier, alert_id),
            CHECK ((state = 'pending') = (settled_us IS NULL))
        ) STRICT;

        CREATE INDEX deliveries_pending ON deliveries (notifier, position) WHERE state = 'pending';
        CREATE INDEX deliveries_settled ON deliveries (state, position) WHERE state != 'pending';
        """
}
