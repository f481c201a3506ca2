import MartletCore
import Testing

/// The checks of ``SettingsStoreConformance``.
struct SettingsStoreBench<Store: SettingsStore> {
    let store: Store

    private let full = StoredConnection(
        id: ConnectionID(trusted: "warehouse"),
        type: "postgres",
        host: "db.example.com",
        port: 5432,
        login: "ada",
        schema: "main",
        description: "the warehouse",
        sealed: [.password: "p1", .extra: "e1"]
    )
    private let bare = StoredConnection(id: ConnectionID(trusted: "bare"), type: "http")

    private func variable(_ name: String, _ content: String = "1", secret: Bool = false) -> StoredVariable {
        StoredVariable(name: VariableName(trusted: name), content: content, isSecret: secret, description: nil)
    }

    private func pool(_ name: String, _ slots: Int) -> Pool { Pool(name: PoolName(trusted: name), slots: slots) }

    func readsBackWhatWasSet() async throws {
        let plain = StoredVariable(
            name: VariableName(trusted: "region"),
            content: #"{"name":"eu"}"#,
            isSecret: false,
            description: "where"
        )
        let secret = variable("token", "sealed text", secret: true)
        let gpu = Pool(name: PoolName(trusted: "gpu"), slots: -1, description: "cards", includesDeferred: true)
        let changes: [SettingsChange] = [
            .setVariable(plain), .setVariable(secret), .setConnection(full), .setConnection(bare), .setPool(gpu),
        ]
        #expect(try await store.apply(changes) == 5)
        #expect(try await store.variable(plain.name) == plain)
        #expect(try await store.variable(secret.name) == secret)
        #expect(try await store.connection(full.id) == full)
        #expect(try await store.connection(bare.id) == bare)
        #expect(try await store.pool(gpu.name) == gpu)
    }

    func replacesWhatHasTheName() async throws {
        try await store.apply([.setVariable(variable("a", "sealed", secret: true)), .setConnection(full)])
        var changed = full
        (changed.type, changed.host, changed.port, changed.sealed) = ("mysql", nil, nil, [.extra: "e2"])
        try await store.apply([.setVariable(variable("a", "2")), .setConnection(changed), .setPool(pool("p", 1))])
        try await store.apply([.setPool(pool("p", 0))])
        #expect(try await store.variables() == [variable("a", "2")])
        #expect(try await store.connections() == [changed])
        #expect(try await store.pool(PoolName(trusted: "p"))?.slots == 0)
    }

    func listsByName() async throws {
        for name in ["b", "a.c", "_x", "B", "10", "9"] {
            try await store.apply([
                .setVariable(variable(name)), .setPool(pool(name, 1)),
                .setConnection(StoredConnection(id: ConnectionID(trusted: name), type: "http")),
            ])
        }
        let expected = ["10", "9", "B", "_x", "a.c", "b"]
        #expect(try await store.variables().map(\.name.rawValue) == expected)
        #expect(try await store.connections().map(\.id.rawValue) == expected)
        #expect(try await store.pools().map(\.name.rawValue) == ["10", "9", "B", "_x", "a.c", "b", "default_pool"])
    }

    func knowsNothingOfOthers() async throws {
        #expect(try await store.variables().isEmpty)
        #expect(try await store.connections().isEmpty)
        #expect(try await store.variable(VariableName(trusted: "a")) == nil)
        #expect(try await store.connection(ConnectionID(trusted: "a")) == nil)
        #expect(try await store.pool(PoolName(trusted: "a")) == nil)
    }

    func keepsTextOfAnyKind() async throws {
        for text in ["", "it's \"quoted\"", "a\nb\tc\\", "'; DROP TABLE variables; --", "日本語 é 😀", "%00 {{ x }}"] {
            var variable = variable("v", text)
            variable.description = text
            var connection = full
            connection.host = text
            connection.sealed = [.password: text]
            try await store.apply([.setVariable(variable), .setConnection(connection)])
            #expect(try await store.variable(variable.name) == variable)
            #expect(try await store.connection(connection.id) == connection)
        }
    }

    func deletesOnlyWhatIsNamed() async throws {
        let all: [SettingsChange] = ["a", "b"].flatMap { name -> [SettingsChange] in
            [
                .setVariable(variable(name)), .setPool(pool(name, 1)),
                .setConnection(StoredConnection(id: ConnectionID(trusted: name), type: "http")),
            ]
        }
        try await store.apply(all)
        let deletions: [SettingsChange] = [
            .deleteVariable(VariableName(trusted: "a")), .deleteConnection(ConnectionID(trusted: "a")),
            .deletePool(PoolName(trusted: "a")),
        ]
        #expect(try await store.apply(deletions) == 3)
        #expect(try await store.apply(deletions) == 0)
        #expect(try await store.variables().map(\.name.rawValue) == ["b"])
        #expect(try await store.connections().map(\.id.rawValue) == ["b"])
        #expect(try await store.pools().map(\.name.rawValue) == ["b", "default_pool"])
    }

    func alwaysHasTheDefaultPool() async throws {
        #expect(try await store.pools() == [.standard])
        #expect(try await store.pool(.defaultPool) == .standard)
        try await store.apply([.setPool(pool("default_pool", 3))])
        #expect(try await store.pools() == [pool("default_pool", 3)])
    }

    func refusesToDeleteTheDefaultPool() async throws {
        let error = await #expect(throws: MartletError.self) { try await store.apply([.deletePool(.defaultPool)]) }
        #expect(error?.code == .poolProtected)
        #expect(try await store.pool(.defaultPool) == .standard)
    }

    func makesAllChangesOrNone() async throws {
        let changes: [SettingsChange] = [
            .setVariable(variable("a")), .setConnection(full), .deletePool(.defaultPool), .setPool(pool("p", 1)),
        ]
        await #expect(throws: MartletError.self) { try await store.apply(changes) }
        #expect(try await store.variables().isEmpty)
        #expect(try await store.connections().isEmpty)
        #expect(try await store.pools() == [.standard])
        #expect(try await store.apply([]) == 0)
    }

    func resealsWhatIsStillTheSame() async throws {
        let secret = variable("s", "old", secret: true)
        let plain = variable("p", "old")
        try await store.apply([.setVariable(secret), .setVariable(plain), .setConnection(full)])
        let stale: [SettingsChange] = [
            .resealVariable(secret.name, from: "other", to: "new"),
            .resealVariable(plain.name, from: "old", to: "new"),
            .resealVariable(VariableName(trusted: "none"), from: "old", to: "new"),
            .resealConnection(full.id, .password, from: "e1", to: "new"),
            .resealConnection(bare.id, .extra, from: "e1", to: "new"),
        ]
        #expect(try await store.apply(stale) == 0)
        #expect(try await store.variables() == [plain, secret])
        #expect(try await store.connections() == [full])
        let fresh: [SettingsChange] = [
            .resealVariable(secret.name, from: "old", to: "new"),
            .resealConnection(full.id, .extra, from: "e1", to: "e2"),
        ]
        #expect(try await store.apply(fresh) == 2)
        #expect(try await store.variable(secret.name)?.content == "new")
        #expect(try await store.connection(full.id)?.sealed == [.password: "p1", .extra: "e2"])
    }

    func takesChangesOfManyTasks() async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<50 {
                group.addTask {
                    try await store.apply([.setVariable(variable("v\(number)", "\(number)"))])
                    try await store.apply([.setVariable(variable("shared", "\(number)"))])
                    _ = try await store.variables()
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store.variables().count == 51)
    }

    func takesManyChangesAtOnce() async throws {
        let changes = (0..<2_000).map { SettingsChange.setVariable(variable("v\($0)", "\($0)")) }
        #expect(try await store.apply(changes) == 2_000)
        #expect(try await store.variables().count == 2_000)
        #expect(try await store.variable(VariableName(trusted: "v1999"))?.content == "1999")
    }

    func refusesAllOnceClosed() async throws {
        try await store.apply([.setVariable(variable("a"))])
        await store.close()
        await #expect(throws: MartletError.self) { try await store.variables() }
        await #expect(throws: MartletError.self) { try await store.connection(bare.id) }
        await #expect(throws: MartletError.self) { try await store.apply([.setVariable(variable("b"))]) }
        await store.close()
    }
}
