import Foundation
import MartletKafka
import Testing

/// A version of librdkafka that the tests use the server with.
struct TestedClient: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let environment: [String: String]

    /// The system's, and the one that `MARTLET_TEST_RDKAFKA` names.
    static let all: [TestedClient] = {
        var found = [TestedClient(testDescription: "system", environment: [:])]
        if let path = ProcessInfo.processInfo.environment["MARTLET_TEST_RDKAFKA"], !path.isEmpty {
            found.append(TestedClient(testDescription: "newer", environment: ["MARTLET_RDKAFKA": path]))
        }
        return found
    }()

    /// The library itself.
    func load() throws -> KafkaLibrary { try KafkaLibrary.load(environment: environment) }

    /// Runs `body` with an address: of a server of its own, or of the broker that `MARTLET_TEST_KAFKA` names, if
    /// `MARTLET_TEST_KAFKA_LIBRARY` does not exclude this library there.
    func run(_ body: (KafkaLibrary, KafkaConfiguration) async throws -> Void) async throws {
        let environment = ProcessInfo.processInfo.environment
        let library = try load()
        if let address = environment["MARTLET_TEST_KAFKA"] {
            if let only = environment["MARTLET_TEST_KAFKA_LIBRARY"], only != testDescription { return }
            var configuration = KafkaConfiguration(bootstrapServers: address)
            // Some brokers do not wake a fetch that waits.
            configuration["fetch.wait.max.ms"] = "50"
            return try await body(library, configuration)
        }
        try await ServerBench.run { bench in
            try await body(library, KafkaConfiguration(bootstrapServers: "127.0.0.1:\(bench.port)"))
        }
    }
}
