import GRDB

/// The tables, as migrations that are named, applied in order and never edited once released.
///
/// The states that a table allows are written out in its migration, not taken from the enumerations, which grow.
enum StoreSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        registerEvents(in: &migrator)
        registerSettings(in: &migrator)
        registerScheduling(in: &migrator)
        registerLake(in: &migrator)
        registerMetrics(in: &migrator)
        registerIncidents(in: &migrator)
        return migrator
    }()
}
