import CRdkafka
import Foundation
import MartletCore
import Testing

@testable import MartletKafka

/// The versions of librdkafka to test with: the system's, and a newer one where a test machine names it.
enum Libraries {
    /// Each is loaded once; a library that cannot be loaded fails the tests that need it.
    static let all: [TestLibrary] = {
        var found = [TestLibrary(name: "system", environment: [:])]
        if let path = ProcessInfo.processInfo.environment["MARTLET_TEST_RDKAFKA"], !path.isEmpty {
            found.append(TestLibrary(name: "newer", environment: ["MARTLET_RDKAFKA": path]))
        }
        return found
    }()
}

/// One version of librdkafka.
struct TestLibrary: Sendable, CustomTestStringConvertible {
    let name: String
    let environment: [String: String]

    var testDescription: String { name }

    func load() throws -> KafkaLibrary { try KafkaLibrary.load(environment: environment) }
}

/// A cluster inside librdkafka that lives as long as this value.
final class MockCluster: @unchecked Sendable {
    let library: KafkaLibrary
    private let owner: ClientHandle
    private let cluster: OpaquePointer
    let bootstrapServers: String

    init(_ library: KafkaLibrary, brokers: Int = 1) throws {
        self.library = library
        var configuration = KafkaConfiguration(bootstrapServers: "unused")
        configuration["test.mock.num.brokers"] = "\(brokers)"
        owner = try ClientHandle(library, role: RDK_PRODUCER, configuration, events: 0)
        guard let handle = library.api.handle_mock_cluster?(owner.pointer),
            let servers = library.api.mock_cluster_bootstraps?(handle)
        else { throw LibraryFailure(path: library.path, reason: "it has no mock cluster") }
        cluster = handle
        bootstrapServers = String(cString: servers)
    }

    var configuration: KafkaConfiguration {
        var configuration = KafkaConfiguration(bootstrapServers: bootstrapServers)
        // A member that joins twice in a row is forgotten only when its session ends.
        configuration["session.timeout.ms"] = "6000"
        configuration["heartbeat.interval.ms"] = "200"
        return configuration
    }

    func makeTopic(_ name: String, partitions: Int) throws {
        let code = library.api.mock_topic_create?(cluster, name, Int32(partitions), 1) ?? -1
        try library.check(code, "cannot make topic \(name)")
    }

    /// The next requests of a kind fail with these errors.
    func fail(_ apiKey: Int16, _ errors: [Int32]) {
        library.api.mock_push_request_errors_array?(cluster, apiKey, errors.count, errors)
    }

    func setDown(_ broker: Int32) { _ = library.api.mock_broker_set_down?(cluster, broker) }
    func setUp(_ broker: Int32) { _ = library.api.mock_broker_set_up?(cluster, broker) }
    func setRoundTrip(_ broker: Int32, milliseconds: Int32) {
        _ = library.api.mock_broker_set_rtt?(cluster, broker, milliseconds)
    }
    func move(_ partition: TopicPartition, to broker: Int32) {
        _ = library.api.mock_partition_set_leader?(cluster, partition.topic, partition.partition, broker)
    }
}
