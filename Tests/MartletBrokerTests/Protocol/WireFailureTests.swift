import Testing

@testable import MartletBroker

/// A request that fails as a whole is answered for each thing it asks for, in its own version.
@Suite struct WireFailureTests {
    /// All values of the fields called `name`, at any depth.
    private func values(_ name: String, in fact: WireFact) -> [WireFact] {
        switch fact {
        case .fields(let fields):
            fields.flatMap { field in
                field.key == name ? [field.value] : values(name, in: field.value)
            }
        case .list(let elements): elements.flatMap { values(name, in: $0) }
        default: []
        }
    }

    /// How many elements there are that hold no further structures.
    private func leaves(_ fact: WireFact) -> Int {
        guard case .list(let elements) = fact else { return 0 }
        return elements.reduce(0) { count, element in
            guard case .fields(let fields) = element, let inner = fields["partitions"] ?? fields["partitionindexes"]
            else { return count + 1 }
            return count + leaves(inner)
        }
    }

    /// Answers of which only the whole has an error.
    private static let asOne: Set<APIKey> = [
        .joinGroup, .syncGroup, .heartbeat, .leaveGroup, .offsetDelete, .listGroups, .initProducerID, .addOffsetsToTxn,
        .endTxn, .apiVersions, .saslHandshake, .saslAuthenticate, .describeCluster,
    ]

    @Test func everythingAskedForFails() throws {
        for fixture in WireFixtures.all where fixture.codec.isRequest {
            var reader = WireReader(try fixture.body())
            let request = try fixture.codec.read(&reader, fixture.version)
            let asked = try #require(request as? any WireRequest)
            let failure: any WireResponse = asked.failure(.kafkaStorageError, "disk full")
            let answering = try #require(
                MessageCodec.all.first { $0.api == fixture.codec.api && !$0.isRequest }
            )
            var answer = WireReader(answering.body(failure, fixture.version))
            let read = WireFact(of: try answering.read(&answer, fixture.version))
            #expect(answer.remaining == 0)

            let error = WireFact.number(Int64(KafkaError.kafkaStorageError.rawValue))
            let codes = values("errorcode", in: read).filter { $0 == error }.count
            if Self.asOne.contains(fixture.codec.api) {
                #expect(codes == 1, "\(fixture.testDescription)")
                continue
            }
            guard case .fields(let fields) = WireFact(of: request) else { continue }
            let lists = ["topics", "resources", "keys", "groups", "groupsnames"].compactMap { fields[$0] }
            #expect(lists.count == 1)
            if fixture.codec.api == .offsetFetch {
                #expect(codes > 0, "\(fixture.testDescription)")
            } else {
                #expect(codes == lists.map(leaves).reduce(0, +), "\(fixture.testDescription)")
            }
        }
    }
}
