import Crypto
import Foundation

/// A key that secrets are sealed with: 256 random bits.
public struct SecretKey: Sendable {
    /// The first eight digits of a hash of the key: tells keys apart and gives nothing away.
    public let id: String
    let key: SymmetricKey

    private init(_ key: SymmetricKey) {
        self.key = key
        var hash = SHA256()
        hash.update(data: Data("martlet secret key id\n".utf8))
        key.withUnsafeBytes { hash.update(bufferPointer: $0) }
        id = hash.finalize().prefix(4).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// A new key from the system's random generator.
    public static func random() -> SecretKey { SecretKey(SymmetricKey(size: .bits256)) }

    /// The key written in base64, in either alphabet and with or without padding; nil when it is none.
    init?(base64 text: String) {
        var plain = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while plain.count % 4 != 0 { plain.append("=") }
        guard let bytes = Data(base64Encoded: String(plain)), bytes.count == 32 else { return nil }
        self.init(SymmetricKey(data: bytes))
    }

    /// The key in base64: what its file and `MARTLET_SECRET_KEY` hold.
    public var base64: String { key.withUnsafeBytes { Data($0).base64EncodedString() } }
}

extension SecretKey: CustomStringConvertible, CustomReflectable {
    /// The id alone.
    public var description: String { "key \(id)" }
    /// Shows no members.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
