/// One value of a column, for code that need not be quick.
package enum ArrowValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// A whole number above what `integer` holds.
    case unsigned(UInt64)
    case float(Float)
    case double(Double)
    /// A whole number that stands for itself divided by 10 to the power of `scale`.
    case decimal(Int128, scale: Int)
    case text(String)
    case binary([UInt8])
    /// Days since 1970-01-01.
    case date(Int64)
    /// Time since midnight.
    case time(Int64, ArrowTimeUnit)
    /// Time since 1970-01-01T00:00:00, of UTC if there is a zone to show it in, or else of no zone.
    case timestamp(Int64, ArrowTimeUnit, zone: String?)
    case duration(Int64, ArrowTimeUnit)
    /// An interval by the calendar.
    case interval(months: Int32, days: Int32, nanoseconds: Int64)
    /// An interval of whole months.
    case months(Int32)
    case list([ArrowValue])
    case structure([Member])
    case map([Entry])

    /// A member of a structure.
    package struct Member: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Its value.
        package var value: ArrowValue

        package init(_ name: String, _ value: ArrowValue) {
            self.name = name
            self.value = value
        }
    }

    /// An entry of a map.
    package struct Entry: Hashable, Sendable {
        /// What it is found by.
        package var key: ArrowValue
        /// What is found.
        package var value: ArrowValue

        package init(_ key: ArrowValue, _ value: ArrowValue) {
            self.key = key
            self.value = value
        }
    }
}

extension ArrowBatch {
    /// The values of a row, in the order of the columns.
    package func row(_ row: Int) -> [ArrowValue] { columns.map { $0.value(at: row) } }
}

extension ArrowColumn {
    /// The value in `row`; null for a row that the column does not have.
    package func value(at row: Int) -> ArrowValue {
        guard !isNull(row) else { return .null }
        defer { withExtendedLifetime(storage) {} }
        switch type {
        case .null: return .null
        case .boolean: return .boolean(bool(at: row) ?? false)
        case .integer(let bits, let isSigned): return integer(row, bits, isSigned)
        case .float: return .float(native(row))
        case .double: return .double(native(row))
        case .decimal(_, let scale): return .decimal(decimal(at: row) ?? 0, scale: scale)
        case .utf8: return .text(string(at: row) ?? "")
        case .binary: return .binary(withBytes(at: row) { [UInt8]($0) } ?? [])
        case .date: return .date(Int64(native(row) as Int32))
        case .dateMilliseconds:
            let milliseconds: Int64 = native(row)
            return .date(milliseconds.floorDivided(by: 86_400_000).quotient)
        case .time(let unit):
            return .time(type.width == 4 ? Int64(native(row) as Int32) : native(row), unit)
        case .timestamp(let unit, let zone): return .timestamp(native(row), unit, zone: zone)
        case .duration(let unit): return .duration(native(row), unit)
        case .interval(let unit): return interval(row, unit)
        case .list: return .list(elements(at: row).map { children[0].value(at: $0) })
        case .structure: return .structure(children.map { ArrowValue.Member($0.name, $0.value(at: row)) })
        case .map:
            let entries = children[0]
            return .map(
                elements(at: row).map {
                    ArrowValue.Entry(entries.children[0].value(at: $0), entries.children[1].value(at: $0))
                }
            )
        }
    }

    /// The whole number that stands for the decimal in `row`; nil for a null and a column of another type.
    package func decimal(at row: Int) -> Int128? {
        guard case .decimal = type, !isNull(row) else { return nil }
        let low = UInt64(littleEndian: data.loadUnaligned(fromByteOffset: row * 16, as: UInt64.self))
        let high = Int64(littleEndian: data.loadUnaligned(fromByteOffset: row * 16 + 8, as: Int64.self))
        return Int128(high) << 64 | Int128(low)
    }

    /// A value of one width, of a row that the column has.
    private func native<Value: BitwiseCopyable>(_ row: Int) -> Value {
        data.loadUnaligned(fromByteOffset: row * MemoryLayout<Value>.stride, as: Value.self)
    }

    private func integer(_ row: Int, _ bits: Int, _ isSigned: Bool) -> ArrowValue {
        switch (bits, isSigned) {
        case (8, true): return .integer(Int64(native(row) as Int8))
        case (16, true): return .integer(Int64(native(row) as Int16))
        case (32, true): return .integer(Int64(native(row) as Int32))
        case (8, false): return .integer(Int64(native(row) as UInt8))
        case (16, false): return .integer(Int64(native(row) as UInt16))
        case (32, false): return .integer(Int64(native(row) as UInt32))
        case (_, true): return .integer(native(row))
        case (_, false):
            let value: UInt64 = native(row)
            return Int64(exactly: value).map(ArrowValue.integer) ?? .unsigned(value)
        }
    }

    private func interval(_ row: Int, _ unit: ArrowIntervalUnit) -> ArrowValue {
        switch unit {
        case .yearMonth: return .months(native(row))
        case .dayTime:
            let days = data.loadUnaligned(fromByteOffset: row * 8, as: Int32.self)
            let milliseconds = data.loadUnaligned(fromByteOffset: row * 8 + 4, as: Int32.self)
            return .interval(months: 0, days: days, nanoseconds: Int64(milliseconds) * 1_000_000)
        case .monthDayNano:
            return .interval(
                months: data.loadUnaligned(fromByteOffset: row * 16, as: Int32.self),
                days: data.loadUnaligned(fromByteOffset: row * 16 + 4, as: Int32.self),
                nanoseconds: data.loadUnaligned(fromByteOffset: row * 16 + 8, as: Int64.self)
            )
        }
    }
}

extension Int64 {
    /// The quotient rounded down, and the remainder, which is not negative.
    func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
