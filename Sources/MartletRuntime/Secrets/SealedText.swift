import Crypto
import Foundation
import MartletCore

/// A secret as the store keeps it: `sealed1.<key id>.<nonce, ciphertext and tag in base64>`.
///
/// The cipher is AES-256-GCM (NIST SP 800-38D) with a random nonce. What the secret belongs to is authenticated with
/// it, so that a sealed text opens at its own place only.
struct SealedText {
    private static let version = "sealed1"

    /// The id of the key that opens it.
    let keyID: String
    private let box: AES.GCM.SealedBox

    /// The sealed form that `text` is; nil when it is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.version, let bytes = Data(base64Encoded: String(parts[2])),
            let box = try? AES.GCM.SealedBox(combined: bytes)
        else { return nil }
        keyID = String(parts[1])
        self.box = box
    }

    /// `secret` sealed with `key` for `place`; nil when the cipher refuses, which it has no reason for.
    static func seal(_ secret: String, for place: SecretPlace, with key: SecretKey) -> String? {
        let about = about(place, keyID: key.id)
        guard let box = try? AES.GCM.seal(Data(secret.utf8), using: key.key, authenticating: about),
            let bytes = box.combined
        else { return nil }
        return "\(version).\(key.id).\(bytes.base64EncodedString())"
    }

    /// The secret; nil when it was changed, or sealed for another place.
    func open(for place: SecretPlace, with key: SecretKey) -> String? {
        let about = Self.about(place, keyID: keyID)
        guard let bytes = try? AES.GCM.open(box, using: key.key, authenticating: about) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func about(_ place: SecretPlace, keyID: String) -> Data {
        Data("\(version)\n\(keyID)\n\(place.identity)".utf8)
    }
}

/// What a secret belongs to.
enum SecretPlace: Hashable, Sendable {
    case variable(VariableName)
    case connection(ConnectionID, StoredConnection.SealedField)

    /// A text that no other place has; names hold no line breaks.
    var identity: String {
        switch self {
        case .variable(let name): "variable\n\(name)"
        case .connection(let id, let field): "connection\n\(id)\n\(field.rawValue)"
        }
    }

    /// The place as messages name it.
    var name: String {
        switch self {
        case .variable(let name): "variable \(name)"
        case .connection(let id, let field): "\(field.rawValue) of connection \(id)"
        }
    }

    /// The command that sets the secret again.
    var command: String {
        switch self {
        case .variable(let name): "martlet variables set \(name) --secret --stdin"
        case .connection(let id, _): "martlet connections set \(id)"
        }
    }
}
