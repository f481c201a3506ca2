import Foundation
public import MartletCore

/// What the keys at hand are, and what they are needed for.
public struct SecretKeyReport: Hashable, Sendable {
    /// Where the keys come from: a path, or the name of an environment variable.
    public var source: String
    /// The ids of the keys at hand, the current one first; empty when there is none.
    public var keys: [String]
    /// How many sealed values need which key.
    public var sealedValues: [String: Int]

    /// The ids of keys that are needed and not at hand.
    public var missing: [String] { sealedValues.keys.filter { !keys.contains($0) }.sorted() }
}

/// What a rotation came to.
public struct SecretRotation: Hashable, Sendable {
    /// The id of the key that everything is sealed with now; nil when there are no secrets and no key.
    public var key: String?
    /// Whether the key was made by this rotation.
    public var isNewKey: Bool
    /// How many sealed values were sealed anew.
    public var resealed: Int
}

extension SettingsVault {
    /// Which keys are at hand, and how many values need which; opens nothing.
    ///
    /// - Throws: ``MartletError`` MT1040, MT1043 or MT1001 when what is there is no usable key, MT8xxx from the store.
    public func keyReport() async throws(MartletError) -> SecretKeyReport {
        let sealed = try await sealedValues()
        return SecretKeyReport(
            source: keys.description,
            keys: try keys.load()?.ids ?? [],
            sealedValues: Dictionary(sealed.map { ($0.keyID, 1) }, uniquingKeysWith: +)
        )
    }

    /// Seals every secret anew: with a new key where keys are in a file, with the first of those in the environment
    /// else.
    ///
    /// What was set by someone else meanwhile stays. A rotation that was interrupted loses nothing, and the next one
    /// ends its work. The former key stays in the file until the next rotation, because another process may be sealing
    /// with it at this moment.
    ///
    /// - Throws: ``MartletError`` MT1041 or MT1042 when a key is missing that a value needs, MT1044 when a value is
    ///   damaged, MT2013 when another process rotates at this moment, MT8xxx when something cannot be written.
    public func rotate() async throws(MartletError) -> SecretRotation {
        var lock: FileLock?
        if let file = keys.file { lock = try await Self.lock(file) }
        defer { withExtendedLifetime(lock) {} }
        let sealed = try await sealedValues()
        guard var ring = try keys.load() else {
            if sealed.isEmpty { return SecretRotation(key: nil, isNewKey: false, resealed: 0) }
            throw missing("\(sealed.count) values are sealed, and \(keys.description) is not there")
        }
        // Whatever cannot be opened is told before anything is changed.
        for value in sealed { _ = try ring.open(value.text, for: value.place) }
        if let file = keys.file {
            let needed = Set(sealed.map(\.keyID))
            let kept = [ring.current] + ring.former.filter { needed.contains($0.id) }
            ring = SecretKeyRing(current: .random(), former: ring.all, source: ring.source)
            try file.replace(with: [ring.current] + kept)
        }
        var resealed = 0
        // Others may have sealed with any of the former keys until now, and go on with the last one for a moment.
        for _ in 0..<3 {
            var changes: [SettingsChange] = []
            for value in try await sealedValues() where value.keyID != ring.current.id {
                let secret = try ring.open(value.text, for: value.place)
                changes.append(value.resealed(as: try ring.seal(secret, for: value.place)))
            }
            if changes.isEmpty { break }
            resealed += try await store.apply(changes)
        }
        return SecretRotation(key: ring.current.id, isNewKey: keys.file != nil, resealed: resealed)
    }

    /// Waits for the lock that only one rotation holds.
    private static func lock(_ file: SecretKeyFile) async throws(MartletError) -> FileLock {
        try FileSystem.makeFolder((file.path as NSString).deletingLastPathComponent)
        while true {
            if let lock = try FileLock.take("\(file.path).lock") { return lock }
            do {
                try await Task.sleep(for: .milliseconds(50))
            } catch {
                throw MartletError(.runCancelled, "cancelled while another process rotated the secret key")
            }
        }
    }

    /// The keys to seal with: those at hand, or a new one while nothing has been sealed.
    ///
    /// Values sealed with a key that is not at hand tell that the one at hand is the wrong one. Those that are about to
    /// be replaced do not count.
    func ringForSealing(
        replacing variables: [Variable],
        _ connections: [Connection]
    ) async throws(MartletError) -> SecretKeyRing {
        let replaced = Set(variables.map { "variable \($0.name)" } + connections.map { "connection \($0.id)" })
        let others = try await sealedValues().filter { !replaced.contains($0.owner) }
        guard let ring = try keys.load() else {
            if others.isEmpty { return try keys.loadOrCreate() }
            throw missing("\(others.count) values are sealed with another key, and \(keys.description) is not there")
        }
        // A text without a key's id is damaged, and tells nothing of keys.
        for value in others where !value.keyID.isEmpty && !ring.ids.contains(value.keyID) {
            throw SecretKeyRing.unknown(key: value.keyID, of: value.owner, atHand: ring.ids, source: ring.source)
        }
        return ring
    }

    /// A sealed text and where it is kept.
    private struct SealedValue {
        let place: SecretPlace
        let text: String

        /// Empty for a text that is no sealed one: no key has that id.
        var keyID: String { SealedText(text)?.keyID ?? "" }

        var owner: String {
            switch place {
            case .variable(let name): "variable \(name)"
            case .connection(let id, _): "connection \(id)"
            }
        }

        func resealed(as new: String) -> SettingsChange {
            switch place {
            case .variable(let name): .resealVariable(name, from: text, to: new)
            case .connection(let id, let field): .resealConnection(id, field, from: text, to: new)
            }
        }
    }

    private func sealedValues() async throws(MartletError) -> [SealedValue] {
        let variables = try await store.variables().filter(\.isSecret)
        let connections = try await store.connections()
        return variables.map { SealedValue(place: .variable($0.name), text: $0.content) }
            + connections.flatMap { connection in
                connection.sealed.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                    SealedValue(place: .connection(connection.id, $0.key), text: $0.value)
                }
            }
    }
}
