import Foundation
import Glibc
import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

/// Secrets over the fake store: what the store sees, and what happens when keys or values are wrong.
@Suite(.tags(.machine)) struct SettingsVaultTests {
    let scratch: Scratch
    let store = InMemorySettingsStore()

    init() throws { scratch = try Scratch() }

    private var keyPath: String { "\(scratch.path)/.martlet/secret.key" }

    private func vault(_ environment: [String: String] = [:]) -> SettingsVault {
        SettingsVault(store: store, keys: SecretKeySource(environment: environment, projectFile: keyPath))
    }

    private let token = Variable(VariableName(trusted: "token"), "hunter2", isSecret: true, description: "a token")

    private func warehouse() throws -> Connection {
        try Connection(
            id: ConnectionID(trusted: "wh"),
            type: "postgres",
            host: "db",
            login: "ada",
            password: "hunter2",
            extra: ["api": .object(["key": "hunter2"])]
        )
    }

    private func code(_ body: () async throws -> Void) async -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? MartletError)?.code
        }
    }

    private func replace(_ content: (String) -> String) async throws {
        var record = try #require(try await store.variable(token.name))
        record.content = content(record.content)
        try await store.apply([.setVariable(record)])
    }

    // MARK: - Sealing

    @Test func whatIsSetIsReadBackAndTheStoreSeesNoSecret() async throws {
        let plain = Variable(VariableName(trusted: "region"), .object(["name": "eu"]))
        let warehouse = try warehouse()
        try await vault().set(variables: [token, plain], connections: [warehouse])
        #expect(try await vault().variable(token.name) == token)
        #expect(try await vault().variable(plain.name) == plain)
        #expect(try await vault().connection(warehouse.id) == warehouse)
        #expect(try await vault().variable(VariableName(trusted: "none")) == nil)
        #expect(!"\(try await store.variables())\(try await store.connections())".contains("hunter2"))
        #expect(try await store.variable(plain.name)?.content == #"{"name":"eu"}"#)
    }

    @Test func equalSecretsAreSealedDifferently() async throws {
        try await vault().set(variables: [token])
        let first = try await store.variable(token.name)?.content
        try await vault().set(variables: [token])
        #expect(try await store.variable(token.name)?.content != first)
    }

    @Test func plainSettingsNeedNoKey() async throws {
        try await vault().set(
            variables: [Variable(VariableName(trusted: "a"), 1)],
            connections: [try Connection(id: ConnectionID(trusted: "c"), type: "http", host: "h")]
        )
        #expect(!FileManager.default.fileExists(atPath: keyPath))
    }

    /// Every byte of a sealed text counts.
    @Test func tamperingIsDetected() async throws {
        try await vault().set(variables: [token])
        let sealed = try #require(try await store.variable(token.name)?.content)
        let parts = sealed.split(separator: ".").map(String.init)
        let bytes = try #require(Data(base64Encoded: parts[2]))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            try await replace { _ in "\(parts[0]).\(parts[1]).\(changed.base64EncodedString())" }
            #expect(await code { _ = try await vault().variable(token.name) } == .secretDamaged, "byte \(index)")
        }
        for text in [
            "", "hunter2", "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1]).AAAA",
            "sealed9.\(parts[1]).\(parts[2])",
            String(sealed.dropLast(4)), sealed + "AAAA",
        ] {
            try await replace { _ in text }
            #expect(await code { _ = try await vault().variable(token.name) } == .secretDamaged, "\(text)")
        }
        try await replace { _ in sealed }
        #expect(try await vault().variable(token.name) == token)
    }

    @Test func sealedTextsCannotBeSwapped() async throws {
        let other = Variable(VariableName(trusted: "other"), "swordfish", isSecret: true)
        let warehouse = try warehouse()
        try await vault().set(variables: [token, other], connections: [warehouse])
        let content = try #require(try await store.variable(other.name)?.content)
        try await replace { _ in content }
        #expect(await code { _ = try await vault().variable(token.name) } == .secretDamaged)
        var record = try #require(try await store.connection(warehouse.id))
        record.sealed = [.password: record.sealed[.extra] ?? "", .extra: record.sealed[.password] ?? ""]
        try await store.apply([.setConnection(record)])
        #expect(await code { _ = try await vault().connection(warehouse.id) } == .secretDamaged)
    }

    // MARK: - Keys

    @Test func theKeyIsMadeForItsOwnerAlone() async throws {
        try await vault().set(variables: [token])
        var info = stat()
        #expect(stat(keyPath, &info) == 0 && info.st_mode & 0o777 == 0o600)
        let before = scratch.text(".martlet/secret.key")
        try await vault().set(connections: [try warehouse()])
        #expect(scratch.text(".martlet/secret.key") == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/.martlet") == ["secret.key"])
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o620, 0o602, 0o666])
    func aKeyThatOthersMayReadIsRefused(_ mode: Int) async throws {
        try await vault().set(variables: [token])
        chmod(keyPath, mode_t(mode))
        #expect(await code { _ = try await vault().variable(token.name) } == .secretKeyExposed)
        #expect(await code { try await vault().set(variables: [token]) } == .secretKeyExposed)
        chmod(keyPath, 0o400)
        #expect(try await vault().variable(token.name) == token)
    }

    @Test func aMissingKeyIsNotReplaced() async throws {
        try await vault().set(variables: [token])
        let content = try await store.variable(token.name)?.content
        let aside = "\(scratch.path)/aside"
        try FileManager.default.moveItem(atPath: keyPath, toPath: aside)
        let other = Variable(VariableName(trusted: "other"), "swordfish", isSecret: true)
        #expect(await code { _ = try await vault().variable(token.name) } == .secretKeyMissing)
        #expect(await code { try await vault().set(variables: [other]) } == .secretKeyMissing)
        #expect(await code { _ = try await vault().rotate() } == .secretKeyMissing)
        #expect(!FileManager.default.fileExists(atPath: keyPath))
        #expect(try await store.variables().map(\.content) == [content])
        // What was lost may be set anew.
        try await vault().set(variables: [token])
        #expect(try await vault().variable(token.name) == token)
    }

    @Test func aWrongKeyIsNamedAndChangesNothing() async throws {
        let (right, wrong) = (SecretKey.random(), SecretKey.random())
        let rightKey = ["MARTLET_SECRET_KEY": right.base64]
        let wrongKey = ["MARTLET_SECRET_KEY": wrong.base64]
        try await vault(rightKey).set(variables: [token])
        let before = try await store.variables()
        let error = await #expect(throws: MartletError.self) { _ = try await vault(wrongKey).variable(token.name) }
        #expect(error?.code == .secretKeyWrong)
        #expect(error?.reason == "it needs key \(right.id); at hand is \(wrong.id), from MARTLET_SECRET_KEY")
        let other = Variable(VariableName(trusted: "other"), "swordfish", isSecret: true)
        #expect(await code { try await vault(wrongKey).set(variables: [other]) } == .secretKeyWrong)
        #expect(await code { _ = try await vault(wrongKey).rotate() } == .secretKeyWrong)
        #expect(try await store.variables() == before)
        #expect(
            try await vault(["MARTLET_SECRET_KEY": "\(wrong.base64),\(right.base64)"]).variable(token.name) == token
        )
        let report = try await vault(wrongKey).keyReport()
        #expect(report.missing == [right.id] && report.keys == [wrong.id] && report.sealedValues == [right.id: 1])
    }

    @Test(arguments: ["", ",", "nonsense", "AAAA", "c2hvcnQ=", "\(SecretKey.random().base64),x"])
    func textThatIsNoKeyIsRefused(_ text: String) async throws {
        try FileSystem.makeFolder("\(scratch.path)/.martlet")
        try FileSystem.create(keyPath, Array("# a comment\n\(text.replacing(",", with: "\n"))\n".utf8))
        chmod(keyPath, 0o600)
        #expect(await code { try await vault().set(variables: [token]) } == .secretKeyInvalid)
        if text.isEmpty { return }
        let error = await #expect(throws: MartletError.self) {
            try await vault(["MARTLET_SECRET_KEY": text]).set(variables: [token])
        }
        #expect(error?.code == .secretKeyInvalid)
        #expect(try await store.variables().isEmpty)
    }

    @Test func theEnvironmentNamesAnotherFile() async throws {
        let path = "\(scratch.path)/elsewhere/my.key"
        let environment = ["MARTLET_SECRET_KEY_FILE": path, "MARTLET_SECRET_KEY": ""]
        try await vault(environment).set(variables: [token])
        #expect(FileManager.default.fileExists(atPath: path) && !FileManager.default.fileExists(atPath: keyPath))
        #expect(try await vault(environment).variable(token.name) == token)
    }

    @Test func keysAreReadInEitherAlphabet() throws {
        for _ in 0..<20 {
            let key = SecretKey.random()
            let urlSafe = key.base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            #expect(SecretKey(base64: urlSafe)?.base64 == key.base64)
            #expect(!"\(key)".contains(key.base64) && key.id.count == 8)
        }
    }

    @Test func manyMakeOneKey() async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<20 {
                group.addTask { [store, keyPath] in
                    let name = VariableName(trusted: "v\(number)")
                    let source = SecretKeySource(environment: [:], projectFile: keyPath)
                    let ring = try source.loadOrCreate()
                    let sealed = try ring.seal("x", for: .variable(name))
                    try await store.apply([
                        .setVariable(StoredVariable(name: name, content: sealed, isSecret: true))
                    ])
                }
            }
            try await group.waitForAll()
        }
        #expect(try await vault().keyReport().sealedValues.count == 1)
    }

    // MARK: - Rotation

    @Test func rotationSealsEverythingAnew() async throws {
        let warehouse = try warehouse()
        try await vault().set(variables: [token], connections: [warehouse])
        let former = try await vault().keyReport().keys
        for _ in 0..<3 {
            let before = try await vault().keyReport()
            let rotation = try await vault().rotate()
            let report = try await vault().keyReport()
            #expect(rotation.resealed == 3 && rotation.isNewKey)
            #expect(report.sealedValues == [rotation.key ?? "": 3])
            // The former key stays for one rotation.
            #expect(report.keys == [rotation.key, before.keys[0]])
            #expect(try await vault().variable(token.name) == token)
            #expect(try await vault().connection(warehouse.id) == warehouse)
        }
        #expect(try await vault().keyReport().keys.contains(former[0]) == false)
    }

    @Test func rotationWithKeysInTheEnvironment() async throws {
        let (old, new) = (SecretKey.random(), SecretKey.random())
        try await vault(["MARTLET_SECRET_KEY": old.base64]).set(variables: [token], connections: [try warehouse()])
        let both = ["MARTLET_SECRET_KEY": "\(new.base64), \(old.base64)"]
        #expect(try await vault(both).rotate() == SecretRotation(key: new.id, isNewKey: false, resealed: 3))
        #expect(try await vault(both).rotate().resealed == 0)
        #expect(try await vault(["MARTLET_SECRET_KEY": new.base64]).variable(token.name) == token)
        #expect(!FileManager.default.fileExists(atPath: keyPath))
    }

    @Test func rotationWithoutSecretsMakesNoKey() async throws {
        #expect(try await vault().rotate() == SecretRotation(key: nil, isNewKey: false, resealed: 0))
        #expect(!FileManager.default.fileExists(atPath: keyPath))
    }

    /// A rotation may end after it wrote the key, and before it sealed anything.
    @Test func anInterruptedRotationIsFinishedByTheNext() async throws {
        try await vault().set(variables: [token])
        let file = SecretKeyFile(path: keyPath)
        let keys = try #require(try file.read())
        try file.replace(with: [.random()] + keys)
        #expect(try await vault().variable(token.name) == token)
        let other = Variable(VariableName(trusted: "other"), "swordfish", isSecret: true)
        try await vault().set(variables: [other])
        #expect(try await vault().keyReport().sealedValues.count == 2)
        let rotation = try await vault().rotate()
        #expect(rotation.resealed == 2)
        #expect(try await vault().variable(token.name) == token)
        #expect(try await vault().variable(other.name) == other)
    }

    @Test func aDamagedValueStopsARotationBeforeItBegins() async throws {
        try await vault().set(variables: [token], connections: [try warehouse()])
        try await replace { String($0.dropLast(4)) + "AAAA" }
        let before = (try await store.variables(), try await store.connections(), scratch.text(".martlet/secret.key"))
        #expect(await code { _ = try await vault().rotate() } == .secretDamaged)
        #expect(try await store.variables() == before.0)
        #expect(try await store.connections() == before.1)
        #expect(scratch.text(".martlet/secret.key") == before.2)
    }

    @Test func manyRotationsAtOnceLoseNothing() async throws {
        let vault = vault()
        try await vault.set(variables: [token])
        try await withThrowingTaskGroup { group in
            for number in 0..<6 {
                group.addTask { _ = try await vault.rotate() }
                group.addTask {
                    let name = VariableName(trusted: "v\(number)")
                    try await vault.set(variables: [Variable(name, "swordfish", isSecret: true)])
                }
            }
            try await group.waitForAll()
        }
        let all = try await store.variables()
        #expect(all.count == 7)
        #expect(try vault.open(all).allSatisfy { $0.value == "swordfish" || $0.value == "hunter2" })
    }

    /// A process that is slow to set a secret finds its key retired, and seals with the new one.
    @Test func aKeyRetiredWhileItIsUsedLosesNothing() async throws {
        try await vault().set(variables: [token])
        let vault = vault()
        let slow = SettingsVault(
            store: DisturbedStore(inner: store, beforeFirstApply: { for _ in 0..<3 { _ = try? await vault.rotate() } }),
            keys: vault.keys
        )
        let other = Variable(VariableName(trusted: "other"), "swordfish", isSecret: true)
        try await slow.set(variables: [other])
        #expect(try await vault.variable(other.name) == other)
        #expect(try await vault.keyReport().missing.isEmpty)
    }

    /// What is sealed with an old key in the midst of a rotation is sealed anew by it.
    @Test func aRotationFindsWhatComesWhileItWorks() async throws {
        try await vault().set(variables: [token])
        let old = try #require(try vault().keys.load())
        _ = try await vault().rotate()
        let other = Variable(VariableName(trusted: "other"), "swordfish", isSecret: true)
        let content = try old.seal("\"swordfish\"", for: .variable(other.name))
        let late = SettingsChange.setVariable(StoredVariable(name: other.name, content: content, isSecret: true))
        let disturbed = DisturbedStore(
            inner: store,
            beforeFirstApply: { [store] in _ = try? await store.apply([late]) }
        )
        _ = try await SettingsVault(store: disturbed, keys: vault().keys).rotate()
        #expect(try await vault().variable(other.name) == other)
        #expect(try await vault().keyReport().missing.isEmpty)
    }

    @Test func whatIsTooLargeIsRefused() async throws {
        let large = Variable(token.name, .string(String(repeating: "x", count: Limits.settingBytes)), isSecret: true)
        #expect(await code { try await vault().set(variables: [large]) } == .limitExceeded)
        #expect(try await store.variables().isEmpty)
    }
}

/// A store in which something else happens just before the first change.
private final class DisturbedStore: SettingsStore {
    private let inner: InMemorySettingsStore
    private let disturbance: @Sendable () async -> Void
    private let isFirst = Counter(1)

    init(inner: InMemorySettingsStore, beforeFirstApply disturbance: @escaping @Sendable () async -> Void) {
        self.inner = inner
        self.disturbance = disturbance
    }

    func apply(_ changes: [SettingsChange]) async throws(MartletError) -> Int {
        if isFirst.take() { await disturbance() }
        return try await inner.apply(changes)
    }
    func variables() async throws(MartletError) -> [StoredVariable] { try await inner.variables() }
    func variable(_ name: VariableName) async throws(MartletError) -> StoredVariable? { try await inner.variable(name) }
    func connections() async throws(MartletError) -> [StoredConnection] { try await inner.connections() }
    func connection(_ id: ConnectionID) async throws(MartletError) -> StoredConnection? {
        try await inner.connection(id)
    }
    func pools() async throws(MartletError) -> [Pool] { try await inner.pools() }
    func pool(_ name: PoolName) async throws(MartletError) -> Pool? { try await inner.pool(name) }
    func close() async { await inner.close() }
}
