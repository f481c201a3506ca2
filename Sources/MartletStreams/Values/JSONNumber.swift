import MartletCore

/// A number of JSON: its digits and power of ten.
struct JSONNumber {
    /// The value when it is whole and fits.
    private(set) var integer: Int64?
    /// The nearest floating-point number.
    private(set) var double: Double

    /// Reads the number that starts at `at`.
    init(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) throws(RecordFault) {
        let start = at
        func fault() -> RecordFault { RecordFault(reason: "a number is broken", offset: start) }
        var digits: UInt64 = 0
        var (count, fraction, exponent) = (0, 0, 0)
        let isNegative = bytes[at] == 45
        if isNegative { at += 1 }
        func digit(_ at: Int) -> UInt64? {
            guard at < bytes.count, (48...57).contains(bytes[at]) else { return nil }
            return UInt64(bytes[at] - 48)
        }
        guard let first = digit(at), first != 0 || digit(at + 1) == nil else { throw fault() }
        while let next = digit(at) {
            if count < 19 { digits = digits * 10 + next }
            if digits > 0 { count += 1 }
            at += 1
        }
        if at < bytes.count, bytes[at] == 46 {
            at += 1
            guard digit(at) != nil else { throw fault() }
            while let next = digit(at) {
                if count < 19 { digits = digits * 10 + next }
                if digits > 0 { count += 1 }
                fraction += 1
                at += 1
            }
        }
        if at < bytes.count, bytes[at] | 0x20 == 101 {
            at += 1
            let isDown = at < bytes.count && bytes[at] == 45
            if isDown || (at < bytes.count && bytes[at] == 43) { at += 1 }
            guard digit(at) != nil else { throw fault() }
            while let next = digit(at) {
                exponent = min(exponent * 10 + Int(next), 100_000)
                at += 1
            }
            if isDown { exponent = -exponent }
        }
        let power = exponent - fraction
        if count <= 19, power == 0 {
            integer = isNegative ? Int64(exactly: -Int128(digits)) : Int64(exactly: digits)
        }
        // Both parts exact, so that the one division or multiplication rounds as it should (Clinger, PLDI 1990).
        if count <= 19, digits <= 1 << 53, abs(power) <= 22 {
            let scale = Self.powers[abs(power)]
            let magnitude = power < 0 ? Double(digits) / scale : Double(digits) * scale
            double = isNegative ? -magnitude : magnitude
        } else {
            double = Double(String(decoding: bytes[start..<at], as: UTF8.self)) ?? .nan
            // Too large a number is not one that a column can have.
            guard double.isFinite else { throw fault() }
        }
        if integer == nil, double.rounded() == double, abs(double) < 0x1p53 { integer = Int64(double) }
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20,
        1e21, 1e22,
    ]

    /// The number of microseconds when it counts units of so many; nil out of range.
    func scaled(by unit: Int64) -> Int64? {
        if let integer {
            let (product, overflow) = integer.multipliedReportingOverflow(by: unit)
            return overflow ? nil : product
        }
        return Int64(exactly: (double * Double(unit)).rounded())
    }
}
