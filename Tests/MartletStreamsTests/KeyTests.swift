import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Keys", .tags(.machine))
struct KeyTests {
    /// Worked out by another implementation of the definition; a change breaks every checkpoint.
    @Test(
        arguments: [
            ([], 0x747e_570d_08fe_c810, 0x77a5_3a0a_0e52_91f3), ([97], 0x3aaf_2432_4a20_69c9, 0xd9ea_45ea_68e8_ed3b),
            (Array("12345678".utf8), 0xcebf_fc77_6956_a5a2, 0x0908_397c_8f0e_3b2c),
            (Array("123456789".utf8), 0xf536_d4d5_5aba_0b85, 0x6ff5_6927_33e8_f1a0),
            (Array(0..<40), 0xfc09_658b_f0b6_ed55, 0xa2c4_fc58_32e3_d8d2),
        ] as [([UInt8], UInt64, UInt64)]
    )
    func hashIsStable(_ bytes: [UInt8], _ plain: UInt64, _ seeded: UInt64) {
        bytes.withUnsafeBytes { buffer in
            #expect(StableHash.of(buffer) == plain)
            #expect(StableHash.of(buffer, seed: 1) == seeded)
        }
    }

    /// The check value of CRC-32C that its definition gives, and an example of RFC 3720.
    @Test func checksum() {
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC32C.of($0) } == 0xE306_9283)
        #expect([UInt8](repeating: 0, count: 32).withUnsafeBytes { CRC32C.of($0) } == 0x8A91_36AA)
        #expect((0..<32).map { UInt8($0) }.withUnsafeBytes { CRC32C.of($0) } == 0x46DD_794E)
    }

    static let columns: [[StreamValue]] = [
        [.null, .integer(.min), .integer(-1), .integer(0), .integer(1), .integer(.max)],
        [.null, .double(-.infinity), .double(-1.5), .double(0), .double(0x1p-1030), .double(2), .double(.infinity)],
        [
            .null, .text(""), .text("\u{0}"), .text("\u{0}\u{0}"), .text("\u{0}a"), .text("a"), .text("a\u{0}"),
            .text("ab"),
        ],
        [.null, .boolean(false), .boolean(true)], [.null, .timestamp(-5), .timestamp(7)],
    ]

    @Test func orderOfBytesIsOrderOfValues() {
        for first in Self.columns {
            for second in Self.columns {
                let pairs = first.flatMap { left in second.map { [left, $0] } }
                let types = [first, second].map { $0.compactMap(\.type).first ?? .text }
                let batch = KeyBatch(
                    [StreamColumn(types[0], pairs.map { $0[0] }), StreamColumn(types[1], pairs.map { $0[1] })],
                    rows: pairs.count
                )
                let keys = pairs.indices.map { Array(batch.bytes[batch.range($0)]) }
                for index in keys.indices.dropFirst() {
                    #expect(keys[index - 1].lexicographicallyPrecedes(keys[index]), "\(pairs[index])")
                }
                for (key, pair) in zip(keys, pairs) {
                    #expect(key.withUnsafeBytes { KeyBatch.values(of: $0, columns: 2) } == pair)
                }
            }
        }
    }

    @Test func equalNumbersAreOneKey() {
        let batch = KeyBatch([StreamColumn(.doubles([0, -0.0, .nan, -.nan, .signalingNaN]))], rows: 5)
        #expect(batch.hashes[0] == batch.hashes[1])
        #expect(Set(batch.hashes[2...]).count == 1)
    }

    @Test func brokenKeysAreNoValues() {
        for bytes in [[], [1, 2], [6, 65, 0], [6, 65, 0, 1], [9], [0, 0, 0]] as [[UInt8]] {
            #expect(bytes.withUnsafeBytes { KeyBatch.values(of: $0, columns: 2) } == nil)
        }
    }

    @Test func tableAgainstDictionary() {
        var random = SeededGenerator(seed: 9)
        var (table, model) = (KeyTable(), [[UInt8]: Int]())
        for _ in 0..<20_000 {
            let key = (0..<Int.random(in: 0..<24, using: &random) / 2 * 2).map { _ in
                UInt8.random(in: 0..<2, using: &random)
            }
            // So few hashes that most collide.
            let hash = (key.withUnsafeBytes { StableHash.of($0) } % 64) << 55
            let expected = model[key] ?? model.count
            #expect(key.withUnsafeBytes { table.find($0, hash: hash) } == model[key])
            model[key] = expected
            #expect(key.withUnsafeBytes { table.insert($0, hash: hash) } == expected)
        }
        #expect(table.count == model.count)
        let sorted = table.sorted().map { table.withKey(Int($0)) { Array($0) } }
        #expect(sorted == model.keys.sorted { $0.lexicographicallyPrecedes($1) })
    }
}
