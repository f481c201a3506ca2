import MartletCore

/// A number that tells whether something is what it was when a page was made of it: FNV-1a with 64 bits, which is the
/// same in every process.
struct ReportFingerprint {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        // Keeps `ab`, `c` apart from `a`, `bc`.
        add(0xff)
    }

    mutating func add(_ number: some FixedWidthInteger) {
        var rest = UInt64(truncatingIfNeeded: number)
        for _ in 0..<8 {
            add(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func add(_ number: Double) { add(number.bitPattern) }

    private mutating func add(_ byte: UInt8) {
        value ^= UInt64(byte)
        value &*= 0x100_0000_01b3
    }

    mutating func add(_ summary: ValidationSummary) {
        add(summary.page)
        add(summary.suite)
        add(summary.dataset)
        add(summary.runName ?? "")
        add(summary.time.microseconds)
        add(summary.status.rawValue)
        add(summary.evaluated)
        add(summary.successful)
        add(summary.version ?? "")
        add(summary.rowCount ?? -1)
    }

    mutating func add(nullShares summary: ValidationSummary) {
        // Members of a dictionary have no order, and a sum needs none.
        let parts = summary.nullShares.reduce(into: UInt64(0)) { sum, member in
            var part = ReportFingerprint()
            part.add(member.key)
            part.add(member.value)
            sum &+= part.value
        }
        add(parts)
    }
}
