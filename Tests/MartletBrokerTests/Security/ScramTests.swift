import Foundation
import MartletCore
import Testing

@testable import MartletBroker

/// Logins by SCRAM and PLAIN, without sockets.
struct ScramTests {
    private func keys(_ password: String, salt: [UInt8], _ hash: ScramHash = .sha256) -> ScramKeys {
        ScramKeys(password: password, hash: hash, salt: salt, iterations: 4_096)
    }

    /// The example of RFC 7677, section 3.
    private let nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    private let salt = Array(Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ==") ?? Data())
    private let first = Array("n,,n=user,r=rOprNGfwEbeRWgbNEkqO".utf8)
    private let last =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

    private func exchange(_ message: [UInt8], password: String = "pencil", isKnown: Bool = true) throws -> ScramExchange
    {
        try ScramExchange(message, hash: .sha256, nonce: nonce) { _ in (keys(password, salt: salt), isKnown) }
    }

    @Test func theExampleOfTheRFC() throws {
        let exchange = try self.exchange(first)
        #expect(exchange.user == "user")
        #expect(
            String(decoding: exchange.challenge, as: UTF8.self)
                == "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
        )
        let answer = try exchange.finish(Array(last.utf8))
        #expect(String(decoding: answer, as: UTF8.self) == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }

    /// PBKDF2 with SHA-512 as Python's hashlib has it: `pbkdf2_hmac("sha512", b"pencil", salt, 4096).hex()[:32]`.
    @Test func theLongerHash() {
        let salted = ScramHash.sha512.stretched(Array("pencil".utf8), salt: salt, iterations: 4_096)
        let text = salted.prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(salted.count == 64)
        #expect(text == "f16efe1be67f1d09502ebd5ed9262fdd")
    }

    @Test(arguments: ["pencils", "", "Pencil"]) func anotherPasswordIsRefused(password: String) throws {
        let exchange = try self.exchange(first, password: password)
        #expect(throws: ScramExchange.Refusal.self) { try exchange.finish(Array(last.utf8)) }
    }

    @Test func aStrangerIsRefusedLikeAWrongPassword() throws {
        let stranger = #expect(throws: ScramExchange.Refusal.self) {
            try exchange(first, isKnown: false).finish(Array(last.utf8))
        }
        let wrong = #expect(throws: ScramExchange.Refusal.self) {
            try exchange(first, password: "x").finish(Array(last.utf8))
        }
        #expect(stranger == wrong)
        // What a stranger is told is the same each time, and differs from name to name.
        let users = BrokerUsers(secret: [1, 2, 3])
        #expect(users.keys("a", .sha256).keys == users.keys("a", .sha256).keys)
        #expect(users.keys("a", .sha256).keys.salt != users.keys("b", .sha256).keys.salt)
        #expect(!users.keys("a", .sha256).isKnown)
    }

    @Test(arguments: [
        "", "n", "n,,", "n,,n=user", "n,,r=x,n=user", "p=tls-unique,,n=user,r=x", "n,a=other,n=user,r=x", "n,,n=,r=x",
        "n,,n=us=er,r=x", "n,,n=user,r=", "y", "n,,m=ext,n=user,r=x",
    ])
    func badFirstMessages(text: String) {
        #expect(throws: ScramExchange.Refusal.self) { try exchange(Array(text.utf8)) }
    }

    @Test(arguments: [
        "", "c=biws", "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AAAA",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    ])
    func badLastMessages(text: String) throws {
        let exchange = try self.exchange(first)
        #expect(throws: ScramExchange.Refusal.self) { try exchange.finish(Array(text.utf8)) }
    }

    @Test func namesMayHaveCommasAndEqualSigns() throws {
        #expect(try exchange(Array("n,,n=a=2Cb=3Dc,r=x".utf8)).user == "a,b=c")
        #expect(try exchange(Array("y,a=me,n=me,r=x,tokenauth=true".utf8)).user == "me")
    }

    // MARK: Sessions

    private func step(_ session: inout SaslSession, _ message: [UInt8]) -> SaslSession.Step? {
        session.take(message, nonce: nonce) { _, _ in (keys("pencil", salt: salt), true) }
    }

    @Test func aSessionGoesStepByStep() throws {
        var session = SaslSession()
        #expect(step(&session, first) == nil)
        #expect(session.choose("GSSAPI", of: SaslMechanism.allCases) == .unsupportedSaslMechanism)
        #expect(session.choose("PLAIN", of: [.scramSHA256]) == .unsupportedSaslMechanism)
        #expect(session.choose("SCRAM-SHA-256", of: [.scramSHA256]) == .none)
        guard case .answer? = step(&session, first) else { throw MartletBrokerTestsError.unexpected }
        #expect(session.user == nil)
        #expect(session.choose("PLAIN", of: SaslMechanism.allCases) == .illegalSaslState)
        guard case .answer? = step(&session, Array(last.utf8)) else { throw MartletBrokerTestsError.unexpected }
        #expect(session.user == "user")
        #expect(step(&session, first) == nil)
        #expect(session.choose("PLAIN", of: SaslMechanism.allCases) == .illegalSaslState)
    }

    @Test(
        arguments: [
            ("\0alice\0secret", "alice"), ("alice\0alice\0secret", "alice"), ("bob\0alice\0secret", nil),
            ("alice\0secret", nil),
            ("\0alice\0", nil), ("\0\0secret", nil), ("", nil), ("\0alice\0sec\0ret", nil),
        ] as [(String, String?)]
    )
    func plainMessages(text: String, user: String?) {
        var session = SaslSession()
        #expect(session.choose("PLAIN", of: [.plain]) == .none)
        switch step(&session, Array(text.utf8)) {
        case .check(let found, let password)?:
            #expect(found == user && password == Array("secret".utf8))
            session.checked(true)
            #expect(session.user == user)
        default:
            #expect(user == nil && session.isOver)
        }
    }

    // MARK: Users

    @Test func theFileHasNoPasswordAndIsReadAgain() throws {
        var users = BrokerUsers(secret: [7])
        try users.set("alice", password: "geheim", salt: Array(0..<16))
        try users.set("bob", password: "x", salt: Array(16..<32), iterations: 1)
        let text = String(decoding: users.content, as: UTF8.self)
        #expect(!text.contains("geheim"))
        // Fewer iterations than the RFC asks for are not taken.
        #expect(text.contains("\"iterations\" : 4096"))
        let again = try BrokerUsers(users.content, path: "users.json", secret: [7])
        #expect(again == users && again.names == ["alice", "bob"])
        #expect(again.knows("alice", Array("geheim".utf8)))
        #expect(!again.knows("alice", Array("x".utf8)) && !again.knows("carol", Array("x".utf8)))
        var fewer = again
        #expect(fewer.remove("bob") && !fewer.remove("bob") && fewer.names == ["alice"])
        #expect(throws: MartletError.self) { try fewer.set("", password: "x", salt: [1]) }
        #expect(throws: MartletError.self) { try fewer.set("x", password: "", salt: [1]) }
    }

    @Test(arguments: [
        "", "[]", #"{"version": 2, "users": {}}"#,
        #"{"version":1,"users":{"a":{"SCRAM-SHA-256":{"salt":"AAAAAAAAAAAAAAAA","iterations":100,"storedKey":"","serverKey":""}}}}"#,
        #"{"version":1,"users":{"a":{"SCRAM-SHA-256":{"salt":"AAAAAAAAAAAAAAAA","iterations":4096,"storedKey":"AA==","serverKey":""}}}}"#,
        #"{"version":1,"users":{"a":{"SCRAM-SHA-1":{"salt":"","iterations":4096,"storedKey":"","serverKey":""}}}}"#,
    ])
    func otherFilesAreRefused(text: String) {
        let error = #expect(throws: MartletError.self) {
            _ = try BrokerUsers(Array(text.utf8), path: "users.json", secret: [])
        }
        #expect(error?.code == .streamSecurityUnusable)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("localhost", true), ("::1", true), ("[::1]", true),
        ("0.0.0.0", false),
        ("::", false), ("192.168.1.1", false), ("127.0.0.1.example.org", false), ("127.evil", false), ("", false),
    ])
    func knowsWhoCanConnect(host: String, isLoopback: Bool) {
        #expect(ServerSecurity.isLoopback(host) == isLoopback)
        let mechanisms = ServerSecurity.mechanisms(host: host, isEncrypted: false)
        #expect(mechanisms.contains(.plain) == isLoopback)
        #expect(ServerSecurity.mechanisms(host: host, isEncrypted: true) == SaslMechanism.allCases)
    }
}

private enum MartletBrokerTestsError: Error { case unexpected }
