import MartletCore
import Testing

@testable import MartletBroker

@Suite struct WireWriterTests {
    @Test func overlongStringsAreCutBetweenCharacters() throws {
        for isFlexible in [false, true] {
            var writer = WireWriter()
            writer.isFlexible = isFlexible
            // Characters of three bytes, of which 10,922 fit.
            writer.string(String(repeating: "鳥", count: 20_000))
            var reader = WireReader(writer.bytes)
            reader.isFlexible = isFlexible
            #expect(try reader.string() == String(repeating: "鳥", count: Limits.wireStringBytes / 3))
            #expect(reader.remaining == 0)
        }
    }

    @Test(arguments: [0, 1, 127, 128, 300, 16_383, 16_384, 4_294_967_295])
    func variableLengthNumbersComeBack(value: Int) throws {
        var writer = WireWriter()
        writer.unsignedVarint(value)
        var reader = WireReader(writer.bytes)
        #expect(try reader.unsignedVarint() == value)
    }

    @Test func patchingStaysWithinTheBytes() {
        var writer = WireWriter()
        writer.int32(1)
        writer.int16(2)
        writer.patch(-1, at: 2)
        writer.patch(7, at: 3)
        writer.patch(7, at: -1)
        #expect(writer.bytes == [0, 0, 0xFF, 0xFF, 0xFF, 0xFF])
    }

    /// A response with these records, in a version with variable lengths.
    private func response(_ records: [WireRecords?]) -> FetchResponse {
        let partitions = records.enumerated().map { index, records in
            FetchResponse.Partition(partition: Int32(index), highWatermark: 9, records: records)
        }
        return FetchResponse(topics: [FetchResponse.Topic(name: "t", partitions: partitions)])
    }

    @Test(arguments: [Int16(4), 11, 12]) func largeRecordsAreNotCopied(version: Int16) throws {
        let large = [UInt8](repeating: 5, count: 1 << 20)
        let small = [UInt8](repeating: 6, count: 100)
        let response = response([.memory(large[...]), .memory(small[...]), nil, .memory(large[1...])])
        let pieces = WireFrame.response(response, version: version, correlationID: 3)
        // Only tagged fields follow the last records.
        #expect(pieces.count == (version == 12 ? 5 : 4))
        let start = large.withUnsafeBytes { $0.baseAddress }
        guard case .memory(let piece) = pieces[1] else {
            Issue.record("no bytes")
            return
        }
        #expect(piece.withUnsafeBytes { $0.baseAddress } == start)
        #expect(piece.count == large.count)

        // The whole is a frame of the right length, that reads back.
        let frame = WireBytes.joined(pieces)
        var reader = WireReader(frame)
        #expect(Int(try reader.int32()) == frame.count - 4)
        let header = try ResponseHeader.read(&reader, api: .fetch, version: version)
        #expect(header.correlationID == 3)
        let back = try FetchResponse.decode(&reader, version: version)
        #expect(back == response)
        #expect(reader.remaining == 0)
    }

    @Test func recordsFromElsewhereAreCounted() throws {
        let response = response([.elsewhere(count: 70_000, tag: 1), .elsewhere(count: 0, tag: 2)])
        let pieces = WireFrame.response(response, version: 12, correlationID: 3)
        #expect(pieces.filter { if case .elsewhere = $0 { true } else { false } }.count == 2)
        // Whoever sends it puts the bytes there.
        let frame = pieces.flatMap { piece -> [UInt8] in
            switch piece {
            case .memory(let bytes): Array(bytes)
            case .elsewhere(let count, let tag): [UInt8](repeating: UInt8(tag), count: count)
            }
        }
        var reader = WireReader(frame)
        #expect(Int(try reader.int32()) == frame.count - 4)
        _ = try ResponseHeader.read(&reader, api: .fetch, version: 12)
        let back = try FetchResponse.decode(&reader, version: 12)
        let records = back.topics.flatMap(\.partitions).map(\.records)
        #expect(records == [.memory([UInt8](repeating: 1, count: 70_000)[...]), .memory([])])
    }

    @Test(arguments: [Int16(3), 8, 9]) func recordsOfARequestAreAPartOfItsFrame(version: Int16) throws {
        let batch = [UInt8](repeating: 7, count: 1 << 20)
        let topic = ProduceRequest.Topic(name: "t", partitions: [.init(index: 0, records: batch[...])])
        let request = ProduceRequest(acks: -1, timeoutMs: 1_000, topics: [topic])
        let sent = WireFrame.request(request, version: version, correlationID: 1, clientID: nil)
        var reader = WireReader(sent[4...])
        let header = try RequestHeader.read(&reader)
        #expect(header.clientID == nil)
        let read = try ProduceRequest.decode(&reader, version: version)
        #expect(read == request)
        let records = try #require(read.topics.first?.partitions.first?.records)
        let frame = try #require(sent.withUnsafeBytes { $0.baseAddress })
        let start = try #require(records.withUnsafeBytes { $0.baseAddress })
        #expect(start >= frame && start < frame + sent.count)
    }
}
