import Crypto
import Foundation
package import MartletCore

/// Who may use a log server: a file that has keys made of passwords, and no password.
///
/// The file is JSON: `{"version": 1, "users": {"alice": {"SCRAM-SHA-256": {"salt": ..., "iterations": 4096, "storedKey": ...,
/// "serverKey": ...}, "SCRAM-SHA-512": {...}}}}`, bytes in base64.
package struct BrokerUsers: Hashable, Sendable {
    private struct File: Codable {
        var version: Int
        var users: [String: [ScramHash: ScramKeys]]
    }

    private var users: [String: [ScramHash: ScramKeys]] = [:]
    /// Makes up what strangers are told, the same each time.
    private let secret: [UInt8]

    /// Nobody; `secret` is random and new at each start.
    package init(secret: [UInt8]) { self.secret = secret }

    /// Reads a file's content; `path` is for messages only.
    ///
    /// - Throws: ``MartletError`` MT6019 when it is not such a file.
    package init(_ content: [UInt8], path: String, secret: [UInt8]) throws(MartletError) {
        self.init(secret: secret)
        let file: File
        do { file = try JSONDecoder().decode(File.self, from: Data(content)) } catch {
            throw Self.unusable(path, "it is not a list of users: \(error)")
        }
        guard file.version == 1 else { throw Self.unusable(path, "its version is \(file.version), not 1") }
        for (name, keys) in file.users {
            for (hash, keys) in keys {
                if let problem = keys.problem(hash) { throw Self.unusable(path, "user \(name): \(problem)") }
            }
        }
        users = file.users
    }

    /// The content of a file that has them.
    package var content: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array((try? encoder.encode(File(version: 1, users: users))) ?? Data()) + [10]
    }

    /// Their names, in order.
    package var names: [String] { users.keys.sorted() }

    /// Adds a user, or gives one another password; `salt` is random.
    ///
    /// - Throws: ``MartletError`` MT6019 for a name or a password that cannot be used.
    package mutating func set(
        _ name: String,
        password: String,
        salt: [UInt8],
        iterations: Int = 8_192
    ) throws(MartletError) {
        guard !name.isEmpty, name.utf8.count <= 255, !name.utf8.contains(0), !password.isEmpty,
            !password.utf8.contains(0)
        else {
            throw MartletError(
                .streamSecurityUnusable,
                "user \"\(name)\" cannot be kept",
                reason: "a name has 1 to 255 bytes, a password 1 or more, and neither has a zero in it",
                remedy: "use another name or password"
            )
        }
        var keys: [ScramHash: ScramKeys] = [:]
        for hash in ScramHash.allCases {
            keys[hash] = ScramKeys(
                password: password,
                hash: hash,
                salt: salt,
                iterations: max(ScramKeys.leastIterations, iterations)
            )
        }
        users[name] = keys
    }

    /// Removes a user; false when there is none.
    package mutating func remove(_ name: String) -> Bool { users.removeValue(forKey: name) != nil }

    /// The keys of a user; for strangers some that nobody has a password for.
    func keys(_ name: String, _ hash: ScramHash) -> (keys: ScramKeys, isKnown: Bool) {
        if let keys = users[name]?[hash] { return (keys, true) }
        let salt = Array(hash.code(Array(name.utf8), key: secret).prefix(16))
        let keys = ScramKeys(
            salt: Data(salt),
            iterations: 8_192,
            storedKey: Data(hash.code(salt, key: secret)),
            serverKey: Data(hash.code(salt + [1], key: secret))
        )
        return (keys, false)
    }

    /// Whether a user has that password; as slow for strangers as for others.
    func knows(_ name: String, _ password: [UInt8]) -> Bool {
        let hash: ScramHash = users[name]?[.sha256] == nil && users[name]?[.sha512] != nil ? .sha512 : .sha256
        let found = keys(name, hash)
        return found.keys.isOf(password, hash: hash) && found.isKnown
    }

    private static func unusable(_ path: String, _ reason: String) -> MartletError {
        MartletError(
            .streamSecurityUnusable,
            "the users of the log server cannot be read from \(path)",
            reason: reason,
            remedy: "restore the file from a copy, or make it anew"
        )
    }
}

extension ScramKeys {
    fileprivate init(salt: Data, iterations: Int, storedKey: Data, serverKey: Data) {
        self.salt = salt
        self.iterations = iterations
        self.storedKey = storedKey
        self.serverKey = serverKey
    }
}
