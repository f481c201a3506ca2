import MartletTestKit
import Testing

@testable import MartletBroker

/// What kafka-python writes, we read and write again, in every API and version that is served.
@Suite struct WirePeerTests {
    @Test func everyVersionOfEveryMessageIsThere() {
        let there = Set(WireFixtures.all.filter { !$0.isTagged }.map { "\($0.codec.name) \($0.version) \($0.isFrame)" })
        var wanted: Set<String> = []
        for api in APIKey.allCases {
            for version in api.accepted {
                for direction in ["Request", "Response"] {
                    wanted.insert("\(api.name)\(direction) \(version) true")
                    wanted.insert("\(api.name)\(direction) \(version) false")
                }
            }
        }
        #expect(there == wanted)
        #expect(MessageCodec.all.count == 2 * APIKey.allCases.count)
    }

    @Test func valuesAreThoseOfThePeer() throws {
        for fixture in WireFixtures.all {
            var reader = WireReader(try fixture.body())
            let message = try fixture.codec.read(&reader, fixture.version)
            #expect(reader.remaining == 0, "\(fixture.testDescription)")
            let difference = WireFact(of: message).difference(from: fixture.value)
            #expect(difference == nil, "\(fixture.testDescription)")
        }
    }

    @Test func bytesAreThoseOfThePeer() throws {
        for fixture in WireFixtures.all where !fixture.isTagged {
            var reader = WireReader(try fixture.body())
            let message = try fixture.codec.read(&reader, fixture.version)
            let written =
                if fixture.isFrame {
                    fixture.codec.frame(
                        message,
                        fixture.version,
                        correlationID: 1_000 + Int32(fixture.version),
                        clientID: "py"
                    )
                } else {
                    fixture.codec.body(message, fixture.version)
                }
            #expect(WireBytes.hex(written) == WireBytes.hex(fixture.bytes), "\(fixture.testDescription)")
        }
    }

    @Test func headersAreThoseOfThePeer() throws {
        for fixture in WireFixtures.all where fixture.isFrame {
            var reader = WireReader(fixture.bytes[4...])
            guard fixture.codec.isRequest else {
                let number = try fixture.codec.readHeader(&reader, fixture.version)
                #expect(number == 1_000 + Int32(fixture.version))
                continue
            }
            let header = try RequestHeader.read(&reader)
            #expect(header.support == .served(fixture.codec.api))
            #expect(header.apiVersion == fixture.version)
            #expect(header.correlationID == 1_000 + Int32(fixture.version))
            #expect(header.clientID == "py")
        }
    }
}
