@testable import MartletBroker

/// Bytes as tests compare them.
enum WireBytes {
    /// The bytes that `text` writes in hexadecimal; nil when it does not.
    static func parse(_ text: String) -> [UInt8]? {
        let digits = text.map { UInt8($0.hexDigitValue ?? 255) }
        guard digits.count.isMultiple(of: 2), !digits.contains(255) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// The bytes in hexadecimal.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// The bytes of all pieces that are in memory.
    static func joined(_ pieces: [WireRecords]) -> [UInt8] {
        pieces.flatMap { piece in
            if case .memory(let bytes) = piece { Array(bytes) } else { [UInt8]() }
        }
    }
}
