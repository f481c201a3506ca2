import MartletTestKit
import Testing

@testable import MartletBroker

@Suite("Checksum of batches")
struct ChecksumTests {
    /// RFC 3720, appendix B.4.
    static let values: [([UInt8], UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
        ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
        ([UInt8](0..<32), 0x46dd_794e),
        ([UInt8]((0..<32).reversed()), 0x113f_db5c),
        (Array("123456789".utf8), 0xe306_9283),
    ]

    @Test("Has the values of the standard", arguments: values)
    func standard(bytes: [UInt8], expected: UInt32) {
        #expect(bytes.withUnsafeBytes { Checksum.crc32c($0) } == expected)
        #expect(bytes.withUnsafeBytes { Checksum.crc32cByTables($0) } == expected)
    }

    @Test("Is the same by instruction and by tables, at any length and place, at once and in parts")
    func agreement() {
        var random = SeededGenerator(seed: 7)
        let bytes = (0..<20_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        for _ in 0..<200 {
            let start = Int.random(in: 0..<64, using: &random)
            let end = Int.random(in: start...bytes.count, using: &random)
            let middle = Int.random(in: start...end, using: &random)
            bytes.withUnsafeBytes { bytes in
                let whole = Checksum.crc32c(bytes.slice(start, end))
                #expect(whole == Checksum.crc32cByTables(bytes.slice(start, end)))
                let first = Checksum.crc32c(bytes.slice(start, middle))
                #expect(whole == Checksum.crc32c(bytes.slice(middle, end), from: first))
            }
        }
    }
}
