import MartletCore

/// The keys of the records of a batch, as bytes in an order that can be compared, with their hashes.
///
/// Each key column is a byte for its kind and its value: numbers and times big-endian with the sign flipped, texts as
/// they are. A text that is not the last column ends in 0x00 0x01, with 0x00 inside it as 0x00 0xFF. So the order of
/// the bytes is the order of the values.
struct KeyBatch {
    /// The bytes of all keys.
    private(set) var bytes: [UInt8] = []
    /// Where each key ends in `bytes`.
    private(set) var ends: [Int] = []
    /// The hash of each key.
    private(set) var hashes: [UInt64] = []

    /// The keys of `rows` rows made of these columns.
    init(_ columns: [StreamColumn], rows: Int) {
        bytes.reserveCapacity(rows * 12 * max(1, columns.count))
        ends.reserveCapacity(rows)
        hashes.reserveCapacity(rows)
        if columns.count == 1, columns[0].validity == nil, case .integers(let numbers) = columns[0].storage {
            for number in numbers {
                Self.append(1, number, to: &bytes)
                ends.append(bytes.count)
            }
        } else {
            for row in 0..<rows {
                for (index, column) in columns.enumerated() {
                    Self.append(column, row, isLast: index == columns.count - 1, to: &bytes)
                }
                ends.append(bytes.count)
            }
        }
        bytes.withUnsafeBytes { all in
            var start = 0
            for end in ends {
                hashes.append(StableHash.of(UnsafeRawBufferPointer(rebasing: all[start..<end])))
                start = end
            }
        }
    }

    /// Where the bytes of key `row` stand.
    @inline(__always)
    func range(_ row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

    @inline(__always)
    private static func append(_ tag: UInt8, _ number: Int64, to bytes: inout [UInt8]) {
        let flipped = (UInt64(bitPattern: number) ^ (1 << 63)).bigEndian
        bytes.append(tag)
        withUnsafeBytes(of: flipped) { bytes.append(contentsOf: $0) }
    }

    private static func append(_ column: StreamColumn, _ row: Int, isLast: Bool, to bytes: inout [UInt8]) {
        if column.isNull(row) {
            bytes.append(0)
            return
        }
        switch column.storage {
        case .integers(let values): append(1, values[row], to: &bytes)
        case .timestamps(let values): append(5, values[row], to: &bytes)
        case .booleans(let values): bytes.append(values[row] ? 4 : 3)
        case .doubles(let values):
            let bits = Int64(bitPattern: FloatOrder.canonical(values[row]).bitPattern)
            // Negative numbers in reverse; the sign flip of all numbers then puts them first.
            append(2, bits < 0 ? bits ^ .max : bits, to: &bytes)
        case .texts(let values):
            bytes.append(6)
            let range = values.range(row)
            if isLast {
                values.bytes.withUnsafeBufferPointer { bytes.append(contentsOf: $0[range]) }
                return
            }
            for byte in values.bytes[range] {
                bytes.append(byte)
                if byte == 0 { bytes.append(0xFF) }
            }
            bytes.append(0)
            bytes.append(1)
        }
    }

    /// The values of a key; nil for bytes that are not one of `columns` columns.
    static func values(of key: UnsafeRawBufferPointer, columns: Int) -> [StreamValue]? {
        var at = 0
        var values = [StreamValue]()
        values.reserveCapacity(columns)
        while values.count < columns {
            guard at < key.count else { return nil }
            let tag = key[at]
            at += 1
            switch tag {
            case 0: values.append(.null)
            case 3, 4: values.append(.boolean(tag == 4))
            case 1, 2, 5:
                guard key.count - at >= 8 else { return nil }
                let flipped = UInt64(bigEndian: key.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                at += 8
                values.append(number(Int64(bitPattern: flipped ^ (1 << 63)), tag))
            case 6 where values.count == columns - 1:
                values.append(.text(String(decoding: key[at...], as: UTF8.self)))
                at = key.count
            case 6:
                guard let text = escapedText(key, &at) else { return nil }
                values.append(.text(text))
            default: return nil
            }
        }
        return at == key.count ? values : nil
    }

    private static func number(_ number: Int64, _ tag: UInt8) -> StreamValue {
        switch tag {
        case 1: .integer(number)
        case 5: .timestamp(number)
        default: .double(Double(bitPattern: UInt64(bitPattern: number < 0 ? number ^ .max : number)))
        }
    }

    /// The text from `at` up to its end mark.
    private static func escapedText(_ key: UnsafeRawBufferPointer, _ at: inout Int) -> String? {
        var text = [UInt8]()
        while at < key.count {
            let byte = key[at]
            at += 1
            if byte != 0 {
                text.append(byte)
                continue
            }
            guard at < key.count else { return nil }
            at += 1
            if key[at - 1] == 1 { return String(decoding: text, as: UTF8.self) }
            guard key[at - 1] == 0xFF else { return nil }
            text.append(0)
        }
        return nil
    }
}

extension KeyTable {
    /// The values of key `index`.
    func values(_ index: Int, columns: Int) -> [StreamValue] {
        withKey(index) { KeyBatch.values(of: $0, columns: columns) ?? [] }
    }
}
