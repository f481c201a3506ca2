import Foundation

/// What is kept of a password for one hash: enough to check who has it, and not enough to log in as them.
///
/// Source: RFC 5802, section 3.
struct ScramKeys: Hashable, Sendable, Codable {
    /// Makes equal passwords have different keys.
    var salt: Data
    /// How often the hash is repeated.
    var iterations: Int
    /// The hash of the key that the client proves to have.
    var storedKey: Data
    /// The key by which the server proves that it has this entry.
    var serverKey: Data

    /// The least number of iterations (RFC 7677), which is Kafka's too.
    static let leastIterations = 4_096
    /// The most that are accepted of a file: a login must not take seconds.
    static let mostIterations = 1_000_000

    /// The keys of a password.
    init(password: String, hash: ScramHash, salt: [UInt8], iterations: Int) {
        let salted = hash.stretched(Array(password.utf8), salt: salt, iterations: iterations)
        self.init(salted: salted, hash: hash, salt: salt, iterations: iterations)
    }

    private init(salted: [UInt8], hash: ScramHash, salt: [UInt8], iterations: Int) {
        self.salt = Data(salt)
        self.iterations = iterations
        storedKey = Data(hash.hash(hash.code(Array("Client Key".utf8), key: salted)))
        serverKey = Data(hash.code(Array("Server Key".utf8), key: salted))
    }

    /// Whether these are the keys of that password; takes as long as a login.
    func isOf(_ password: [UInt8], hash: ScramHash) -> Bool {
        let salted = hash.stretched(password, salt: Array(salt), iterations: iterations)
        let other = Self(salted: salted, hash: hash, salt: Array(salt), iterations: iterations)
        return isEqualInConstantTime(Array(storedKey), Array(other.storedKey))
    }

    /// What is wrong with them, if they come from a file.
    func problem(_ hash: ScramHash) -> String? {
        if !(Self.leastIterations...Self.mostIterations).contains(iterations) {
            return "iterations is \(iterations), not \(Self.leastIterations) to \(Self.mostIterations)"
        }
        if !(8...256).contains(salt.count) { return "salt has \(salt.count) bytes, not 8 to 256" }
        if storedKey.count != hash.byteCount || serverKey.count != hash.byteCount {
            return "the keys do not have \(hash.byteCount) bytes"
        }
        return nil
    }
}
