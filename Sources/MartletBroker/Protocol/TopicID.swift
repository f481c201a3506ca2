/// The UUID of a topic, new each time a topic of the same name is made (KIP-516).
struct TopicID: Hashable, Sendable {
    /// The first eight bytes.
    var high: UInt64
    /// The last eight bytes.
    var low: UInt64

    /// Names no topic.
    static let zero = TopicID(high: 0, low: 0)
}

extension TopicID: CustomStringConvertible {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// As Kafka prints it: 22 characters of base64 for URLs, without padding.
    var description: String {
        var text: [UInt8] = []
        text.reserveCapacity(22)
        for index in 0..<22 {
            // The 128 bits, six at a time from the top; the last digit has two of them and four zeros.
            let shift = 122 - 6 * index
            let bits =
                if shift >= 64 {
                    high >> UInt64(shift - 64)
                } else if shift >= 0 {
                    (shift > 58 ? high << UInt64(64 - shift) : 0) | low >> UInt64(shift)
                } else {
                    low << UInt64(-shift)
                }
            text.append(Self.alphabet[Int(bits & 63)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads what ``description`` gives; nil for anything else.
    init?(_ description: String) {
        let text = description.utf8
        guard text.count == 22 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, character) in text.enumerated() {
            guard let digit = Self.alphabet.firstIndex(of: character) else { return nil }
            if index == 21 {
                guard digit & 15 == 0 else { return nil }
                high = high << 2 | low >> 62
                low = low << 2 | UInt64(digit >> 4)
            } else {
                high = high << 6 | low >> 58
                low = low << 6 | UInt64(digit)
            }
        }
        self.init(high: high, low: low)
    }
}
