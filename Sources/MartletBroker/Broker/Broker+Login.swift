import Dispatch
import NIOCore

// Who a client is.
extension Broker {
    /// Whether a request may be done: when nobody has to log in, or its client has, or it belongs to logging in.
    ///
    /// What comes too early is answered as far as that can be, and its connection is closed.
    func isAllowed(_ request: IncomingRequest) -> Bool {
        guard settings.users != nil else { return true }
        switch request.api {
        case .apiVersions, .saslHandshake, .saslAuthenticate: return true
        default: break
        }
        let id = ObjectIdentifier(request.connection)
        if logins[id]?.user != nil { return true }
        if logins[id]?.isOver != true {
            notice(.loginRefused, "\(request.connection.peer) sent \(request.api.name) before it had logged in")
        }
        logins[id, default: SaslSession()].fail()
        Reply(request, errors).close()
        return false
    }

    func handshake(_ request: SaslHandshakeRequest, _ reply: Reply) {
        let offered = settings.users == nil ? [] : settings.mechanisms
        var error = KafkaError.illegalSaslState
        // In version 0 what follows would not be requests any more: no client of today needs it.
        if settings.users != nil, reply.version >= 1 {
            error = logins[reply.connectionID, default: SaslSession()].choose(request.mechanism, of: offered)
        }
        if error != .none {
            notice(.loginRefused, "\(reply.peer) wants to log in by \(request.mechanism): \(error)")
        }
        reply.send(SaslHandshakeResponse(errorCode: error, mechanisms: offered.map(\.rawValue)))
        if error == .illegalSaslState { reply.close() }
    }

    func authenticate(_ request: SaslAuthenticateRequest, _ reply: Reply) {
        guard let users = settings.users else { return refuse(reply, .illegalSaslState, "nobody logs in here") }
        let id = reply.connectionID
        let (high, low) = settings.random()
        let nonce = String(high, radix: 36) + String(low, radix: 36)
        let step = logins[id, default: SaslSession()].take(request.authBytes, nonce: nonce) { users.keys($0, $1) }
        switch step {
        case .answer(let bytes): reply.send(SaslAuthenticateResponse(authBytes: bytes))
        case .check(let user, let password):
            // It is slow on purpose, and must not hold up the others.
            DispatchQueue.global(qos: .utility).async(group: background) { [self] in
                let isRight = users.knows(user, password)
                executor.run { self.assumeIsolated { $0.finishLogin(isRight, user, reply) } }
            }
        case .refuse(let reason): refuse(reply, .saslAuthenticationFailed, reason)
        case nil: refuse(reply, .illegalSaslState, "it sent a message out of turn")
        }
    }

    private func finishLogin(_ isRight: Bool, _ user: String, _ reply: Reply) {
        // The connection may be gone by now.
        guard logins[reply.connectionID] != nil else { return }
        logins[reply.connectionID]?.checked(isRight)
        guard isRight else {
            return refuse(reply, .saslAuthenticationFailed, "the password is wrong, or there is no such user")
        }
        reply.send(SaslAuthenticateResponse(authBytes: []))
    }

    /// Tells a client, after a while so that guessing is slow, that it is not let in.
    private func refuse(_ reply: Reply, _ error: KafkaError, _ reason: String) {
        notice(.loginRefused, "\(reply.peer) could not log in: \(reason)")
        logins[reply.connectionID]?.fail()
        timers.scheduleTask(in: .milliseconds(100)) {
            reply.send(SaslAuthenticateResponse(errorCode: error, errorMessage: "The login failed.", authBytes: []))
            reply.close()
        }
    }
}
