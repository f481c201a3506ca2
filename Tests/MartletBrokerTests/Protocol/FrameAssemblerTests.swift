import MartletCore
import MartletTestKit
import Testing

@testable import MartletBroker

@Suite struct FrameAssemblerTests {
    private func feed(_ assembler: inout FrameAssembler, _ bytes: some Sequence<UInt8>) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        let bytes = Array(bytes)
        try bytes.withUnsafeBytes { raw in try assembler.feed(raw) { frames.append($0) } }
        return frames
    }

    private func prefixed(_ frame: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: Int32(frame.count).bigEndian, Array.init) + frame
    }

    @Test(arguments: 1...6) func anyPartsGiveTheSameFrames(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let frames = (0..<30).map { _ in
            let count = [0, 1, 3, 200, 70_000].randomElement(using: &random) ?? 0
            return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        var stream = frames.flatMap(prefixed)[...]
        var assembler = FrameAssembler()
        var found: [[UInt8]] = []
        while !stream.isEmpty {
            let count = Bool.random(using: &random) ? Int.random(in: 1...5, using: &random) : 50_000
            found += try feed(&assembler, stream.prefix(count))
            stream = stream.dropFirst(count)
        }
        #expect(found == frames)
        #expect(assembler.pendingBytes == 0)
    }

    @Test(
        arguments: [
            [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0, 0, 0, 11],
            // What a browser or a TLS client sends first.
            Array("GET / HTTP/1.1".utf8), [0x16, 0x03, 0x01, 0x02, 0x00],
        ] as [[UInt8]]
    )
    func lengthsOutsideTheLimitAreRefused(bytes: [UInt8]) {
        var assembler = FrameAssembler(limit: 10)
        #expect(throws: WireError.self) { _ = try feed(&assembler, bytes) }
        #expect(throws: WireError.self) { _ = try feed(&assembler, [0, 0, 0, 0]) }
    }

    @Test func framesAreWholeOnlyWithTheirLastByte() throws {
        var assembler = FrameAssembler(limit: 10)
        #expect(try feed(&assembler, [0, 0, 0]) == [])
        #expect(try feed(&assembler, [10, 1, 2, 3]) == [])
        #expect(assembler.pendingBytes == 7)
        #expect(try feed(&assembler, [4, 5, 6, 7, 8, 9, 10, 0, 0]) == [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]])
        #expect(assembler.pendingBytes == 2)
    }

    @Test func aPromisedLengthTakesNoRoom() throws {
        var assembler = FrameAssembler()
        _ = try feed(&assembler, prefixed([]).prefix(0) + [0x06, 0x40, 0, 0, 1])
        #expect(assembler.reservedBytes <= 2 * Limits.wireFrameReserveBytes)
    }
}
