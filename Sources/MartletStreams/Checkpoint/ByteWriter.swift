package import MartletCore

/// Builds the bytes of a snapshot: fixed-width numbers little-endian, lengths as LEB128.
package struct ByteWriter: Sendable {
    /// What was written.
    package private(set) var bytes: [UInt8] = []

    /// Nothing written.
    package init() {}

    /// Writes a fixed-width number.
    package mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes the bits of a floating-point number.
    package mutating func write(_ number: Double) { write(number.bitPattern) }

    /// Writes a truth value.
    package mutating func write(_ truth: Bool) { bytes.append(truth ? 1 : 0) }

    /// Writes a length.
    package mutating func write(count: Int) {
        var rest = UInt64(max(0, count))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Writes bytes after their length.
    package mutating func write(counted more: some Collection<UInt8>) {
        write(count: more.count)
        bytes.append(contentsOf: more)
    }

    /// Writes bytes as they are.
    package mutating func write(raw more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

    /// Writes a value with its type.
    package mutating func write(_ value: StreamValue) {
        switch value {
        case .null: bytes.append(0)
        case .integer(let number):
            bytes.append(1)
            write(number)
        case .double(let number):
            bytes.append(2)
            write(number)
        case .text(let text):
            bytes.append(3)
            write(counted: Array(text.utf8))
        case .boolean(let truth): bytes.append(truth ? 5 : 4)
        case .timestamp(let time):
            bytes.append(6)
            write(time)
        }
    }

    /// Writes values after their number.
    package mutating func write(_ values: [StreamValue]) {
        write(count: values.count)
        for value in values { write(value) }
    }

    /// Writes one fixed-width number of each of `rows`.
    mutating func write<Number: FixedWidthInteger>(_ numbers: [Number], at rows: [Int32]) {
        bytes.reserveCapacity(bytes.count + rows.count * MemoryLayout<Number>.size)
        for row in rows { write(numbers[Int(row)]) }
    }

    /// Writes one floating-point number of each of `rows`.
    mutating func write(_ numbers: [Double], at rows: [Int32]) {
        for row in rows { write(numbers[Int(row)]) }
    }
}
