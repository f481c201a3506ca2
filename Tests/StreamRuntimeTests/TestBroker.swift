import Foundation
import MartletBroker
import MartletCore
import MartletKafka

/// A broker to test against: a log server of its own, or the one that `MARTLET_TEST_KAFKA` names.
final class TestBroker: Sendable {
    /// Its own server; nil for that of the environment.
    private let server: LogServer?
    /// A folder that goes with it.
    let folder: String
    let address: String
    private let library: KafkaLibrary

    /// Whether there is a client library.
    static var canRun: Bool {
        (try? KafkaLibrary.load(environment: ProcessInfo.processInfo.environment)) != nil
    }

    init(startsOwn: Bool = false) async throws {
        let environment = ProcessInfo.processInfo.environment
        folder = NSTemporaryDirectory() + "martlet-broker-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        library = try KafkaLibrary.load(environment: environment)
        if !startsOwn, let address = environment["MARTLET_TEST_KAFKA"] {
            self.address = address
            server = nil
            return
        }
        let settings = BrokerSettings(
            folder: folder + "/log",
            clock: { Int64(Date().timeIntervalSince1970 * 1000) },
            makeID: { UUID().uuidString.lowercased() },
            random: { (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max)) }
        )
        let server = try await LogServer.start(settings, port: 0)
        self.server = server
        address = "127.0.0.1:\(server.port)"
    }

    func client() throws -> KafkaStreamClient {
        try KafkaStreamClient(library, KafkaConfiguration(bootstrapServers: address))
    }

    func makeTopics(_ topics: [String: Int]) async throws {
        try await KafkaAdmin(library, KafkaConfiguration(bootstrapServers: address)).createTopics(
            topics.map { .init($0.key, partitions: $0.value, replicas: 1) }
        )
    }

    func end() async throws {
        try await server?.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
