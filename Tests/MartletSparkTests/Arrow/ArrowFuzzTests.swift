import MartletCore
import Testing

@testable import MartletSpark

@Suite("Broken Arrow streams neither crash nor are read out of bounds")
struct ArrowFuzzTests {
    /// Xorshift64*, so that a seed gives the same bytes everywhere.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 2_685_821_657_736_338_717
        }
    }

    /// Looks at what can be read: at the ends of every column and, if asked, at every value.
    private func touch(_ bytes: ArrowBytes, all: Bool) -> Bool {
        do throws(MartletError) {
            let stream = try ArrowStreamReader.read(bytes)
            let formatter = ArrowFormatter(zone: "UTC")
            for batch in stream.batches {
                for column in batch.columns {
                    for row in [0, 1, column.length / 2, column.length - 2, column.length - 1] {
                        _ = column.value(at: row)
                        column.withBytes(at: row) { #expect($0.count < 1 || $0[$0.count - 1] <= 255) }
                    }
                    try? column.checkText()
                }
                // Columns without bytes, as those of nulls, may say that they have very many rows.
                for row in 0..<min(batch.rowCount, all ? 300 : 0) { _ = formatter.json(batch, row: row) }
            }
            return true
        } catch {
            #expect([.arrowMalformed, .arrowUnsupported, .arrowTooLarge].contains(error.code))
            return false
        }
    }

    @Test(
        "Bytes changed at random",
        arguments: ["flat", "nested", "many-zstd", "many-lz4", "sliced"],
        [1, 2] as [UInt64]
    )
    func mutations(name: String, seed: UInt64) throws {
        let original = try ArrowFixture.bytes(name)
        var generator = Generator(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(original.count))
        var readable = 0
        let rounds = 2_000
        for round in 0..<rounds {
            // Memory of exactly the right size, so that a tool that checks memory sees one byte too far.
            let memory = ArrowMemory(byteCount: original.count)
            memory.bytes.copyBytes(from: original)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<original.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: memory.bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: memory.bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 2: memory.bytes[place] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
                case 3:
                    // A number of 32 bits that is small, or far too large.
                    let value =
                        [0, 1, 4, 8, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000, 0xFFFF].randomElement(using: &generator)
                        ?? 0
                    if place / 4 * 4 + 4 <= original.count {
                        memory.bytes.storeBytes(of: UInt32(value), toByteOffset: place / 4 * 4, as: UInt32.self)
                    }
                default:
                    // One part of the stream written over another.
                    let count = min(Int.random(in: 1...16, using: &generator), original.count - place)
                    let source = Int.random(in: 0...(original.count - count), using: &generator)
                    for index in 0..<count { memory.bytes[place + index] = original[source + index] }
                }
            }
            if touch(ArrowBytes(unsafe: UnsafeRawBufferPointer(memory.bytes), owner: memory), all: round % 16 == 0) {
                readable += 1
            }
        }
        // Some changes do no harm, and some do: if not, nothing was tested.
        #expect(readable > 0 && readable < rounds)
    }

    @Test("Every byte of the metadata changed in several ways", arguments: ["flat", "nested"])
    func everyByte(name: String) throws {
        var bytes = try ArrowFixture.bytes(name)
        var readable = 0
        for place in bytes.indices {
            let kept = bytes[place]
            for value in [0xFF, kept ^ 1] as [UInt8] where value != kept {
                bytes[place] = value
                if touch(ArrowBytes(bytes), all: false) { readable += 1 }
            }
            bytes[place] = kept
        }
        #expect(readable > 0)
    }
}
