internal import MartletCore

/// Writing the parts of an object; ``ByteReader`` reads them back.
extension [UInt8] {
    /// A number as LEB128; negative ones are none of ours and written as 0.
    mutating func append(number: Int) {
        var rest = UInt64(Swift.max(number, 0))
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    mutating func append(id: ObjectID) { id.withBytes { append(contentsOf: $0) } }

    mutating func append(text: String) {
        append(number: text.utf8.count)
        append(contentsOf: text.utf8)
    }
}
