import Crypto
import Foundation
public import MartletCore

/// Signatures of webhooks as Standard Webhooks has them.
///
/// As in https://github.com/standard-webhooks/standard-webhooks. The HMAC-SHA256 of id, time and body tells a receiver that a request is ours, whole and fresh. Several keys give
/// several signatures, so that a key can be changed while both are in use.
public enum WebhookSignature {
    /// How far the clocks of sender and receiver may be apart.
    public static let tolerance: Duration = .seconds(300)

    /// The id of the requests for an alert, the same at each attempt.
    static func id(of alert: Alert) -> String {
        "msg_\(HexText.text(of: Array(SHA256.hash(data: Data(alert.id.utf8)))).prefix(32))"
    }

    /// The bytes of a key: base64 after `whsec_`, else the text itself.
    static func key(_ text: String) -> [UInt8] {
        if text.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(text.dropFirst(6))) { return Array(bytes) }
        return Array(text.utf8)
    }

    /// `webhook-id`, `webhook-timestamp` and, with keys, `webhook-signature`.
    static func headers(
        id: String,
        at now: Timestamp,
        body: [UInt8],
        keys: [[UInt8]]
    ) -> [(name: String, value: String)] {
        let seconds = String(now.microseconds / 1_000_000)
        var headers = [(name: "webhook-id", value: id), (name: "webhook-timestamp", value: seconds)]
        if !keys.isEmpty {
            let signatures = keys.map { signature(id: id, seconds: seconds, body: body, key: $0) }
            headers.append((name: "webhook-signature", value: signatures.joined(separator: " ")))
        }
        return headers
    }

    private static func signature(id: String, seconds: String, body: [UInt8], key: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(seconds).".utf8) + Data(body),
            using: SymmetricKey(data: Data(key))
        )
        return "v1,\(Data(code).base64EncodedString())"
    }

    /// Whether a request that came with these headers was signed with one of `keys`, not long ago.
    ///
    /// Codes are compared in a time that does not tell where they differ.
    public static func isValid(
        headers: [String: String],
        body: [UInt8],
        keys: [String],
        at now: Timestamp
    ) -> Bool {
        guard let id = headers["webhook-id"], let seconds = headers["webhook-timestamp"], let sent = Int64(seconds),
            let given = headers["webhook-signature"],
            abs(now.microseconds / 1_000_000 - sent) <= Int64(tolerance.seconds)
        else { return false }
        let codes = given.split(separator: " ").filter { $0.hasPrefix("v1,") }.compactMap { text in
            Data(base64Encoded: String(text.dropFirst(3)))
        }
        let message = Data("\(id).\(seconds).".utf8) + Data(body)
        return keys.contains { text in
            let key = SymmetricKey(data: Data(Self.key(text)))
            return codes.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: message, using: key) }
        }
    }
}
