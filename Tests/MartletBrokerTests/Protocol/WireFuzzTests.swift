import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

/// Bytes that are no messages are refused or read as something else; nothing traps, and little memory is asked for.
@Suite struct WireFuzzTests {
    /// Reads damaged bytes; whatever they are read as takes no more than a multiple of their size.
    private func read(_ fixture: WireFixtures.Fixture, _ body: ArraySlice<UInt8>) -> Bool {
        var reader = WireReader(body)
        guard let message = try? fixture.codec.read(&reader, fixture.version) else { return false }
        if WireFact.heldBytes(message) > 160 * body.count {
            Issue.record("\(fixture.testDescription) takes too much: \(WireBytes.hex(body))")
        }
        return true
    }

    @Test func nothingIsReadFromAPartOfAMessage() throws {
        for fixture in WireFixtures.all {
            let body = try fixture.body()
            for end in body.indices {
                var reader = WireReader(body[body.startIndex..<end])
                if (try? fixture.codec.read(&reader, fixture.version)) != nil {
                    Issue.record("\(fixture.testDescription) is read from \(end - body.startIndex) bytes")
                }
            }
        }
    }

    @Test func oneBitFlipped() throws {
        var random = SeededGenerator(seed: 1)
        var readable = 0
        for fixture in WireFixtures.all {
            let body = Array(try fixture.body())
            for index in body.indices {
                var damaged = body
                damaged[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                if read(fixture, damaged[...]) { readable += 1 }
            }
        }
        // Numbers and letters that change leave a message.
        #expect(readable > 1_000)
    }

    @Test func hugeLengthsAnywhere() throws {
        let lengths: [[UInt8]] = [
            [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFE], [0x7F, 0xFF], [0x80, 0],
            [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        ]
        var random = SeededGenerator(seed: 2)
        for fixture in WireFixtures.all {
            let body = Array(try fixture.body())
            for index in body.indices {
                let length = lengths.randomElement(using: &random) ?? []
                var damaged = body
                damaged.replaceSubrange(index..<min(body.count, index + length.count), with: length)
                _ = read(fixture, damaged[...])
            }
        }
    }

    @Test(arguments: 1...8) func noise(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for codec in MessageCodec.all {
            for version in codec.api.accepted {
                for _ in 0..<15 {
                    // Small numbers come as lengths again and again.
                    let top = Bool.random(using: &random) ? UInt8.max : 3
                    let body = (0..<Int.random(in: 0..<120, using: &random)).map { _ in
                        UInt8.random(in: 0...top, using: &random)
                    }
                    var reader = WireReader(body)
                    _ = try? RequestHeader.read(&reader)
                    reader = WireReader(body)
                    guard let message = try? codec.read(&reader, version) else { continue }
                    #expect(WireFact.heldBytes(message) <= 160 * body.count)
                }
            }
        }
    }
}
