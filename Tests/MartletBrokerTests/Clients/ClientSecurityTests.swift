import Foundation
import MartletBroker
import MartletCore
import MartletKafka
import MartletTestKit
import Testing

/// librdkafka logs in and encrypts.
@Suite(.tags(.conformance), .timeLimit(.minutes(30)))
struct ClientSecurityTests {
    private func settings(_ port: Int, _ mechanism: String, _ password: String) -> KafkaConfiguration {
        var settings = KafkaConfiguration(bootstrapServers: "127.0.0.1:\(port)")
        settings["security.protocol"] = "sasl_plaintext"
        settings["sasl.mechanism"] = mechanism
        settings["sasl.username"] = "alice"
        settings["sasl.password"] = password
        return settings
    }

    private func use(_ library: KafkaLibrary, _ settings: KafkaConfiguration) async throws {
        let client = try KafkaStreamClient(library, settings)
        let admin = try KafkaAdmin(library, settings)
        let bench = StreamClientBench(client, prefix: "s\(UInt32.random(in: 0 ... .max))") {
            try await admin.createTopics([.init($0, partitions: $1, replicas: 1)])
        }
        try await StreamClientConformance.deliversInOrder.check(bench)
    }

    @Test(arguments: TestedClient.all, ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
    func logsIn(_ tested: TestedClient, _ mechanism: String) async throws {
        let library = try tested.load()
        let users = try SecureClientTests.users()
        let change: @Sendable (inout BrokerSettings) -> Void = { $0.users = users }
        try await ServerBench.run(change: change) { bench in
            try await use(library, settings(bench.port, mechanism, "secret, with = signs"))
            let hasty = try KafkaAdmin(
                library,
                settings(bench.port, mechanism, "wrong"),
                patience: .milliseconds(700)
            )
            await #expect(throws: StreamError.self) { _ = try await hasty.topics() }
        }
    }

    @Test(.enabled(if: Certificate.canBeMade), arguments: TestedClient.all)
    func encrypts(_ tested: TestedClient) async throws {
        let library = try tested.load()
        let certificate = try Certificate()
        defer { certificate.remove() }
        let users = try SecureClientTests.users()
        let change: @Sendable (inout BrokerSettings) -> Void = {
            $0.users = users
            $0.tls = certificate.files
        }
        try await ServerBench.run(change: change) { bench in
            var encrypted = settings(bench.port, "PLAIN", "secret, with = signs")
            encrypted["security.protocol"] = "sasl_ssl"
            encrypted["ssl.ca.location"] = certificate.files.certificates
            try await use(library, encrypted)
            // Who does not encrypt is not understood, and hurts nobody.
            let open = try KafkaAdmin(
                library,
                settings(bench.port, "PLAIN", "secret, with = signs"),
                patience: .milliseconds(700)
            )
            await #expect(throws: StreamError.self) { _ = try await open.topics() }
            try await use(library, encrypted)
        }
    }
}
