import Foundation
import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletBroker

/// Logins and encryption over the socket, by our own client of the protocol.
@Suite(.timeLimit(.minutes(30)))
struct SecureClientTests {
    static func users() throws -> BrokerUsers {
        var users = BrokerUsers(secret: [1])
        try users.set("alice", password: "secret, with = signs", salt: Array(0..<16), iterations: 4_096)
        return users
    }

    private func login(_ client: WireClient, _ password: String) async throws -> KafkaError {
        let chosen = try await client.ask(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
        #expect(chosen.errorCode == .none && chosen.mechanisms == ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
        let message = Array("\0alice\0\(password)".utf8)
        return try await client.ask(SaslAuthenticateRequest(authBytes: message), version: 2).errorCode
    }

    @Test func whoHasNotLoggedInMayAskNothing() async throws {
        let users = try Self.users()
        let change: @Sendable (inout BrokerSettings) -> Void = { $0.users = users }
        try await ServerBench.run(change: change) { bench in
            let client = try await bench.connect()
            #expect(try await client.ask(ApiVersionsRequest(), version: 3).errorCode == .none)
            try await client.send(MetadataRequest(topics: nil), version: 9)
            // What is sent behind it is not done either.
            try? await client.send(
                CreateTopicsRequest(topics: [.init(name: "t", numPartitions: 1, replicationFactor: 1)]),
                version: 7
            )
            #expect(await client.frame() == nil)
            let wrong = try await bench.connect()
            #expect(try await login(wrong, "wrong") == .saslAuthenticationFailed)
            #expect(await wrong.frame() == nil)
            let other = try await bench.connect()
            let chosen = try await other.ask(SaslHandshakeRequest(mechanism: "GSSAPI"), version: 1)
            #expect(chosen.errorCode == .unsupportedSaslMechanism)
            // Another may be chosen then.
            #expect(try await login(other, "secret, with = signs") == .none)
            let topics = try await other.ask(MetadataRequest(topics: nil), version: 9).topics
            #expect(topics.isEmpty)
            try await other.makeTopic("t")
            #expect(try await other.produce(["a"], to: "t").errorCode == .none)
            // Logging in again is not needed, and not allowed.
            let again = try await other.ask(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            #expect(again.errorCode == .illegalSaslState)
            #expect(await other.frame() == nil)
            let kinds = bench.notices.withLock { $0.map(\.kind) }
            #expect(kinds.count >= 3 && Set(kinds) == [.loginRefused])
        }
    }

    @Test func withoutUsersNobodyLogsIn() async throws {
        try await ServerBench.run { bench in
            let client = try await bench.connect()
            let chosen = try await client.ask(SaslHandshakeRequest(mechanism: "PLAIN"), version: 1)
            #expect(chosen.errorCode == .illegalSaslState && chosen.mechanisms == [])
            #expect(await client.frame() == nil)
        }
    }

    @Test(arguments: ["0.0.0.0", "::"]) func strangersAreNotLetIn(host: String) async throws {
        let bench = ServerBench()
        let error = await #expect(throws: MartletError.self) {
            _ = try await LogServer.start(bench.settings, host: host, port: 0)
        }
        #expect(error?.code == .streamLoginRequired)
    }

    @Test func aCertificateThatIsNoneIsTold() async throws {
        let bench = ServerBench(change: { $0.tls = TLSFiles(certificates: "/nowhere.pem", key: "/nowhere.key") })
        let error = await #expect(throws: MartletError.self) {
            _ = try await LogServer.start(bench.settings, port: 0)
        }
        #expect(error?.code == .streamSecurityUnusable)
        #expect(error?.message.contains("/nowhere.pem") == true)
    }
}
