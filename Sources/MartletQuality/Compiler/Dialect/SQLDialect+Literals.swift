package import MartletCore

/// Values as literals whose type does not depend on how the engine reads numbers.
extension SQLDialect {
    /// `value` as an expression of its own type.
    package func literal(_ value: SQLValue) -> String {
        switch value {
        case .null: "NULL"
        case .boolean(let value): value ? "TRUE" : "FALSE"
        case .integer(let value): value < 0 ? "(\(value))" : "\(value)"
        case .wideInteger(let digits), .decimal(let digits): digits.hasPrefix("-") ? "(\(digits))" : digits
        case .double(let value): double(value)
        case .text(let text): string(text)
        case .bytes(let bytes): blob(bytes)
        case .date(let days): "DATE '\(CivilText.date(days: Int64(days)))'"
        case .time(let microseconds): "TIME '\(CivilText.time(microseconds: microseconds))'"
        case .timestamp(let microseconds, let hasZone): timestamp(microseconds, hasZone: hasZone)
        case .list, .structure, .other: string(ValueJSON.text(value))
        }
    }

    /// A double that is read back as exactly the same one; a bare `0.1` would be a decimal.
    package func double(_ value: Double) -> String {
        let text =
            if value.isNaN { "NaN" } else if value.isInfinite { value < 0 ? "-Infinity" : "Infinity" } else {
                "\(value)"
            }
        return "CAST('\(text)' AS DOUBLE)"
    }

    private func timestamp(_ microseconds: Int64, hasZone: Bool) -> String {
        let text = CivilText.timestamp(microseconds: microseconds, separator: " ")
        return switch self {
        case .duckdb: hasZone ? "TIMESTAMPTZ '\(text)+00'" : "TIMESTAMP '\(text)'"
        case .spark: hasZone ? "TIMESTAMP '\(text)+00:00'" : "TIMESTAMP_NTZ '\(text)'"
        }
    }

    private func blob(_ bytes: [UInt8]) -> String {
        let digits = bytes.map { byte in
            let text = String(byte, radix: 16, uppercase: true)
            return text.count < 2 ? "0" + text : text
        }
        return switch self {
        case .duckdb: "'" + digits.map { "\\x" + $0 }.joined() + "'::BLOB"
        case .spark: "X'" + digits.joined() + "'"
        }
    }
}
