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
            // Tansu answers those who join a group after half the session's time.
            configuration["session.timeout.ms"] = "6000"
            configuration["heartbeat.interval.ms"] = "1000"
            return try await body(library, configuration)
        }
        try await ServerBench.run { bench in
            try await body(library, KafkaConfiguration(bootstrapServers: "127.0.0.1:\(bench.port)"))
        }
    }
}

extension TestedClient {
    /// How long something may take with the broker that the environment names, which may never answer; nil with ours.
    static var patience: Duration? {
        let environment = ProcessInfo.processInfo.environment
        guard environment["MARTLET_TEST_KAFKA"] != nil else { return nil }
        return .seconds(environment["MARTLET_TEST_KAFKA_SECONDS"].flatMap { Int($0) } ?? 120)
    }

    /// Does `work`, and gives it up after a while: also when it waits for what cannot be cancelled.
    static func within(_ time: Duration?, _ work: @escaping @Sendable () async throws -> Void) async throws {
        guard let time else { return try await work() }
        let (results, told) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        let task = Task {
            do {
                try await work()
                told.yield(.success(()))
            } catch {
                told.yield(.failure(error))
            }
        }
        let timer = Task {
            try await Task.sleep(for: time)
            told.yield(.failure(NotDone(time: time)))
        }
        for await result in results {
            task.cancel()
            timer.cancel()
            return try result.get()
        }
    }

    /// A broker did not do in time what was waited for.
    struct NotDone: Error, CustomStringConvertible {
        let time: Duration
        var description: String { "not done after \(time)" }
    }
}
