import Foundation

/// The server's side of one login by SCRAM: two messages each.
///
/// Source: RFC 5802; without channel binding, as Kafka's clients do.
struct ScramExchange: Sendable {
    /// Why a message is refused; clients are told no more than that the login failed.
    struct Refusal: Error, Hashable {
        var reason: String
    }

    private let hash: ScramHash
    private let keys: ScramKeys
    private let isKnown: Bool
    private let gs2Header: String
    private let clientFirst: String
    private let serverFirst: String
    private let serverNonce: String

    /// Who wants to log in, as they say.
    let user: String
    /// The first answer.
    var challenge: [UInt8] { Array(serverFirst.utf8) }

    /// Reads the client's first message.
    ///
    /// `find` gives a user's keys, and whether there is such a user: for strangers keys that nobody has, so that the answer
    /// does not tell who is known. `nonce` is new for each login, and printable without commas.
    ///
    /// - Throws: ``Refusal`` when the message is none, or wants what is not offered.
    init(
        _ message: [UInt8],
        hash: ScramHash,
        nonce: String,
        find: (String) -> (keys: ScramKeys, isKnown: Bool)
    ) throws(Refusal) {
        guard message.count <= 4_096, let text = String(validating: message, as: UTF8.self) else {
            throw Refusal(reason: "the first message is no text")
        }
        let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, ["n", "y"].contains(parts[0]) else {
            throw Refusal(reason: "the first message wants channel binding, or does not begin rightly")
        }
        let fields = Self.fields(parts[2])
        guard fields.count >= 2, fields[0].name == "n", fields[1].name == "r", !fields[1].value.isEmpty,
            let user = Self.name(fields[0].value)
        else { throw Refusal(reason: "the first message has no user or nonce") }
        // Who acts for somebody else has to be allowed to; nobody is.
        guard parts[1].isEmpty || parts[1] == "a=\(fields[0].value)" else {
            throw Refusal(reason: "the login is for somebody else")
        }
        let found = find(user)
        self.hash = hash
        self.user = user
        keys = found.keys
        isKnown = found.isKnown
        gs2Header = "\(parts[0]),\(parts[1]),"
        clientFirst = String(parts[2])
        serverNonce = nonce
        serverFirst =
            "r=\(fields[1].value)\(nonce),s=\(found.keys.salt.base64EncodedString()),i=\(found.keys.iterations)"
    }

    /// Checks the client's last message.
    ///
    /// - Returns: the server's last one.
    /// - Throws: ``Refusal`` when the client does not have the password.
    func finish(_ message: [UInt8]) throws(Refusal) -> [UInt8] {
        guard message.count <= 4_096, let text = String(validating: message, as: UTF8.self),
            let cut = text.range(of: ",p=", options: .backwards)
        else { throw Refusal(reason: "the last message has no proof") }
        let fields = Self.fields(text[..<cut.lowerBound])
        guard fields.count >= 2, fields[0].name == "c", fields[1].name == "r",
            fields[0].value == Data(gs2Header.utf8).base64EncodedString()
        else { throw Refusal(reason: "the last message does not fit the first") }
        // The whole nonce is due; librdkafka before 2.6.1 puts its own part before that once more.
        guard fields[1].value.hasSuffix(serverNonce) else { throw Refusal(reason: "the nonce is another one") }
        guard let proof = Data(base64Encoded: String(text[cut.upperBound...])), proof.count == hash.byteCount else {
            throw Refusal(reason: "the proof is none")
        }
        let all = Array("\(clientFirst),\(serverFirst),\(text[..<cut.lowerBound])".utf8)
        let signature = hash.code(all, key: Array(keys.storedKey))
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        guard isEqualInConstantTime(hash.hash(clientKey), Array(keys.storedKey)), isKnown else {
            throw Refusal(reason: "the password is wrong, or there is no such user")
        }
        return Array("v=\(Data(hash.code(all, key: Array(keys.serverKey))).base64EncodedString())".utf8)
    }

    private static func fields(_ text: Substring) -> [(name: Substring, value: Substring)] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { field in
            guard let equals = field.firstIndex(of: "=") else { return (field, "") }
            return (field[..<equals], field[field.index(after: equals)...])
        }
    }

    /// A name with its commas and equal signs put back; nil when it is not written rightly.
    private static func name(_ text: Substring) -> String? {
        var name = ""
        var rest = text
        while let character = rest.first {
            if character == "=" {
                if rest.hasPrefix("=2C") {
                    name += ","
                } else if rest.hasPrefix("=3D") {
                    name += "="
                } else {
                    return nil
                }
                rest = rest.dropFirst(3)
            } else {
                name.append(character)
                rest = rest.dropFirst()
            }
        }
        return name.isEmpty ? nil : name
    }
}
