import GRDB
import MartletCore
import MartletSQLite
import MartletTestKit
import Testing

/// Databases of earlier versions, and what the tables themselves refuse.
struct SettingsMigrationTests {
    private let file: StoreFile

    init() throws { file = try StoreFile() }

    @Test func aDatabaseWithoutSettingsGetsThem() async throws {
        let first = try file.open()
        var log = RandomRunLog(seed: 1)
        try await first.begin(&log, events: 3)
        await first.close()
        try file.withDatabase { db in
            try db.execute(
                sql: """
                    DROP TABLE variables; DROP TABLE connections; DROP TABLE pools;
                    DELETE FROM grdb_migrations WHERE identifier = 'v2 settings';
                    """
            )
        }
        let second = try file.open()
        #expect(try await second.pools() == [.standard])
        #expect(try await second.variables().isEmpty)
        #expect(try await second.connections().isEmpty)
        #expect(try await second.events(of: log.run).count == 3)
        await second.close()
        try await file.checkTables()
    }

    @Test func settingsAndRunsAreWrittenSideBySide() async throws {
        let store = try file.open()
        try await withThrowingTaskGroup { group in
            for lane in 0..<4 {
                group.addTask {
                    var log = RandomRunLog(seed: UInt64(lane))
                    try await store.begin(&log)
                    for _ in 0..<25 { try await store.extend(&log) }
                }
                group.addTask {
                    for number in 0..<25 {
                        let name = VariableName(trusted: "v\(lane)-\(number)")
                        try await store.apply([
                            .setVariable(StoredVariable(name: name, content: "1", isSecret: false))
                        ])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.variables().count == 100)
        await store.close()
        try await file.checkTables()
    }

    @Test(arguments: [
        "INSERT INTO pools VALUES ('p', -2, NULL, 0)", "DELETE FROM pools WHERE name = 'default_pool'",
        "INSERT INTO variables VALUES ('v', 'x', 2, NULL)", "INSERT INTO variables VALUES ('v', NULL, 0, NULL)",
        "INSERT INTO connections (id, type, port) VALUES ('c', 'x', 70000)",
    ])
    func theTablesRefuse(_ sql: String) async throws {
        await (try file.open()).close()
        #expect(throws: DatabaseError.self) { try file.withDatabase { try $0.execute(sql: sql) } }
    }
}
