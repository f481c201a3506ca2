/// How far a connection has come with its login; a value without clock or effects.
///
/// SaslHandshake chooses the mechanism, SaslAuthenticate carries its messages; before that ApiVersions may be asked. Sources:
/// KIP-43, KIP-152, and the authentication states of Kafka's broker.
struct SaslSession: Sendable {
    private enum Phase {
        case start
        case chosen(SaslMechanism)
        case challenged(ScramExchange)
        /// A password is being checked, which takes a while.
        case checking(String)
        case done(String)
        case failed
    }

    private var phase = Phase.start

    /// What to do with a message of the mechanism.
    enum Step {
        /// More is to come, or, if ``SaslSession/user`` is there, the login is done: answer with these bytes.
        case answer([UInt8])
        /// See whether the user has the password, and tell ``SaslSession/checked(_:)``.
        case check(user: String, password: [UInt8])
        /// Refuse; the reason is not for the client.
        case refuse(String)
    }

    /// Who it is, once that is proved.
    var user: String? {
        if case .done(let user) = phase { user } else { nil }
    }

    /// Whether nothing more may come.
    var isOver: Bool {
        if case .failed = phase { true } else { false }
    }

    /// A client chooses a mechanism; what is wrong with that: 33 for one that is not offered, 34 out of turn.
    mutating func choose(_ name: String, of offered: [SaslMechanism]) -> KafkaError {
        // One that was refused may be followed by another.
        switch phase {
        case .start, .chosen: break
        case .challenged, .checking, .done, .failed: return .illegalSaslState
        }
        guard let mechanism = SaslMechanism(rawValue: name), offered.contains(mechanism) else {
            return .unsupportedSaslMechanism
        }
        phase = .chosen(mechanism)
        return .none
    }

    /// A client sends a message of its mechanism; `nonce` is new and unique, without commas.
    mutating func take(
        _ message: [UInt8],
        nonce: @autoclosure () -> String,
        find: (String, ScramHash) -> (keys: ScramKeys, isKnown: Bool)
    ) -> Step? {
        do throws(ScramExchange.Refusal) {
            switch phase {
            case .chosen(.plain):
                let (user, password) = try Self.plain(message)
                phase = .checking(user)
                return .check(user: user, password: password)
            case .chosen(.scramSHA256): return try challenge(message, .sha256, nonce(), find)
            case .chosen(.scramSHA512): return try challenge(message, .sha512, nonce(), find)
            case .challenged(let exchange):
                let answer = try exchange.finish(message)
                phase = .done(exchange.user)
                return .answer(answer)
            case .start, .checking, .done, .failed: return nil
            }
        } catch {
            phase = .failed
            return .refuse(error.reason)
        }
    }

    private mutating func challenge(
        _ message: [UInt8],
        _ hash: ScramHash,
        _ nonce: String,
        _ find: (String, ScramHash) -> (keys: ScramKeys, isKnown: Bool)
    ) throws(ScramExchange.Refusal) -> Step {
        let exchange = try ScramExchange(message, hash: hash, nonce: nonce) { find($0, hash) }
        phase = .challenged(exchange)
        return .answer(exchange.challenge)
    }

    /// Takes note of whether the password was right.
    mutating func checked(_ isRight: Bool) {
        guard case .checking(let user) = phase else { return }
        phase = isRight ? .done(user) : .failed
    }

    /// Ends it: something came that may not come now.
    mutating func fail() { phase = .failed }

    /// The user and password of PLAIN: `authzid NUL user NUL password`, where nobody may act for somebody else.
    private static func plain(_ message: [UInt8]) throws(ScramExchange.Refusal) -> (user: String, password: [UInt8]) {
        let parts = message.split(separator: 0, omittingEmptySubsequences: false)
        guard message.count <= 4_096, parts.count == 3, !parts[2].isEmpty,
            let user = String(validating: parts[1], as: UTF8.self), !user.isEmpty
        else { throw ScramExchange.Refusal(reason: "the message of PLAIN has no user and password") }
        guard parts[0].isEmpty || parts[0].elementsEqual(parts[1]) else {
            throw ScramExchange.Refusal(reason: "the login is for somebody else")
        }
        return (user, Array(parts[2]))
    }
}
