import Crypto
import Foundation

/// A way to prove who one is, by its name in SASL.
package enum SaslMechanism: String, CaseIterable, Hashable, Sendable {
    /// The password as it is (RFC 4616).
    case plain = "PLAIN"
    /// That one has the password, without telling it (RFC 5802, RFC 7677).
    case scramSHA256 = "SCRAM-SHA-256"
    /// The same with a longer hash.
    case scramSHA512 = "SCRAM-SHA-512"
}

/// The hash of a SCRAM mechanism.
enum ScramHash: String, CaseIterable, Hashable, Sendable, Codable, CodingKeyRepresentable {
    case sha256 = "SCRAM-SHA-256"
    case sha512 = "SCRAM-SHA-512"

    /// Bytes of a hash.
    var byteCount: Int { self == .sha256 ? 32 : 64 }

    /// The hash of some bytes.
    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    /// The keyed hash of some bytes.
    func code(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        switch self {
        case .sha256: return Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        case .sha512: return Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
        }
    }

    /// `Hi` of RFC 5802: PBKDF2 with one block.
    func stretched(_ password: [UInt8], salt: [UInt8], iterations: Int) -> [UInt8] {
        var code = code(salt + [0, 0, 0, 1], key: password)
        var sum = code
        for _ in 1..<max(1, iterations) {
            code = self.code(code, key: password)
            for index in sum.indices { sum[index] ^= code[index] }
        }
        return sum
    }
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
func isEqualInConstantTime(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}
