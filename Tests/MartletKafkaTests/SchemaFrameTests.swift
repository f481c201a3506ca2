import MartletCore
import MartletTestKit
import Testing

struct SchemaFrameTests {
    private func read(_ bytes: [UInt8], isProtobuf: Bool = false) throws -> (frame: SchemaFrame, size: Int) {
        try bytes.withUnsafeBytes { try SchemaFrame.read($0, isProtobuf: isProtobuf) }
    }

    // Bytes as confluent-kafka's serializers write them.
    @Test func readsFrames() throws {
        let avro = try read([0, 0, 0, 1, 0x2C, 0x0A, 0x68])
        #expect(avro.frame == SchemaFrame(.number(300)))
        #expect(avro.size == 5)
        let first = try read([0, 0, 0, 0, 7, 0, 0x08], isProtobuf: true)
        #expect(first.frame == SchemaFrame(.number(7), messageIndices: [0]))
        #expect(first.size == 6)
        // Two levels: the second message, its 65th nested one.
        let nested = try read([0, 0xFF, 0xFF, 0xFF, 0xFF, 4, 2, 0x80, 0x01, 9], isProtobuf: true)
        #expect(nested.frame == SchemaFrame(.number(.max), messageIndices: [1, 64]))
        #expect(nested.size == 9)
    }

    @Test func writesFrames() {
        #expect(SchemaFrame(.number(300)).bytes() == [0, 0, 0, 1, 0x2C])
        #expect(SchemaFrame(.number(7), messageIndices: [0]).bytes(isProtobuf: true) == [0, 0, 0, 0, 7, 0])
        let nested = SchemaFrame(.number(7), messageIndices: [1, 64]).bytes(isProtobuf: true)
        #expect(nested == [0, 0, 0, 0, 7, 4, 2, 0x80, 0x01])
    }

    @Test func readsHeaders() throws {
        let guid = (1...16).map { UInt8($0) }
        let headers = [
            RecordHeader("__value_schema_id", [9]), RecordHeader("__key_schema_id", [0, 0, 0, 0, 5]),
            RecordHeader("__value_schema_id", [1] + guid), RecordHeader("x", nil),
        ]
        #expect(try SchemaFrame.read(headers, of: .value) == SchemaFrame(.guid(guid)))
        #expect(try SchemaFrame.read(headers, of: .key) == SchemaFrame(.number(5)))
        #expect(try SchemaFrame.read([], of: .key) == nil)
        #expect(SchemaFrame(.guid(guid)).bytes() == [1] + guid)
        let protobuf = [RecordHeader("__value_schema_id", [1] + guid + [2, 6])]
        #expect(try SchemaFrame.read(protobuf, of: .value) == SchemaFrame(.guid(guid), messageIndices: [3]))
    }

    @Test(
        arguments: [
            [], [0], [0, 0, 0, 1], [1, 0, 0, 0, 1, 0], [0x7B, 0x22, 0x61, 0x22, 0x3A],
        ] as [[UInt8]]
    )
    func refusesOtherBytes(bytes: [UInt8]) {
        let error = #expect(throws: MartletError.self) { try read(bytes) }
        #expect(error?.code == .schemaFrameInvalid)
    }

    @Test(
        arguments: [
            [], [0x80], [2], [3], [0xFE, 0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [4, 2, 0x80],
            [2, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        ] as [[UInt8]]
    )
    func refusesOtherWaysToMessages(bytes: [UInt8]) {
        #expect(throws: MartletError.self) { try read([0, 0, 0, 0, 1] + bytes, isProtobuf: true) }
        let header = RecordHeader("__value_schema_id", [1] + Array(repeating: 3, count: 16) + bytes)
        if !bytes.isEmpty { #expect(throws: MartletError.self) { try SchemaFrame.read([header], of: .value) } }
    }

    @Test func anyBytesAreReadOrRefused() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            let bytes =
                [UInt8(0)]
                + (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            guard let (frame, size) = try? read(bytes, isProtobuf: true) else { continue }
            #expect(size <= bytes.count)
            #expect(try read(frame.bytes(isProtobuf: true), isProtobuf: true).frame == frame)
        }
    }
}
