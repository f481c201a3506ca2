import MartletCore

/// A least or greatest value in a footer, comparable with others of its column.
enum ParquetBound: Comparable {
    /// Whole numbers, dates, times, and decimals without their point.
    case whole(Int128)
    case number(Double)
    case text([UInt8])

    /// Reads the bytes of a bound; nil for types whose order or whose bytes say too little.
    ///
    /// How values are stored is described in the Parquet format's `Encodings.md` and `LogicalTypes.md`: whole numbers
    /// start with their lowest byte, except for those of decimals in arrays of bytes.
    init?(_ bytes: UnsafeRawBufferPointer, of leaf: ParquetLeaf, as kind: TableColumn.Kind) {
        switch (kind, leaf.storage) {
        case (.boolean, .boolean) where bytes.count == 1: self = .whole(bytes[0] == 0 ? 0 : 1)
        case (.integer, .int32), (.integer, .int64), (.date, .int32), (.time, .int32), (.time, .int64),
            (.timestamp, .int64), (.timestampWithZone, .int64), (.decimal, .int32), (.decimal, .int64):
            guard let value = Self.little(bytes, leaf) else { return nil }
            self = .whole(value)
        case (.decimal, .fixedByteArray), (.decimal, .byteArray):
            guard (1...16).contains(bytes.count) else { return nil }
            self = .whole(bytes.reduce(bytes[0] < 0x80 ? 0 : -1) { $0 << 8 | Int128($1) })
        case (.floating, .float) where bytes.count == 4:
            let value = Float(bitPattern: bytes.loadUnaligned(as: UInt32.self).littleEndian)
            guard !value.isNaN else { return nil }
            self = .number(Double(value))
        case (.floating, .double) where bytes.count == 8:
            let value = Double(bitPattern: bytes.loadUnaligned(as: UInt64.self).littleEndian)
            guard !value.isNaN else { return nil }
            self = .number(value)
        case (.text, .byteArray): self = .text(Array(bytes))
        default: return nil
        }
    }

    private static func little(_ bytes: UnsafeRawBufferPointer, _ leaf: ParquetLeaf) -> Int128? {
        switch (leaf.storage, bytes.count) {
        case (.int32, 4):
            let bits = bytes.loadUnaligned(as: UInt32.self).littleEndian
            return leaf.isUnsigned ? Int128(bits) : Int128(Int32(bitPattern: bits))
        case (.int64, 8):
            let bits = bytes.loadUnaligned(as: UInt64.self).littleEndian
            return leaf.isUnsigned ? Int128(bits) : Int128(Int64(bitPattern: bits))
        default: return nil
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.whole(let left), .whole(let right)): left < right
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
        default: false
        }
    }

    /// The bound as a query would return it; nil where it has no such form.
    func value(of leaf: ParquetLeaf, as kind: TableColumn.Kind) -> SQLValue? {
        switch (self, kind) {
        case (.whole(let value), .boolean): .boolean(value != 0)
        case (.whole(let value), .integer): Int64(exactly: value).map(SQLValue.integer) ?? .wideInteger("\(value)")
        case (.whole(let value), .date): Int32(exactly: value).map(SQLValue.date)
        case (.whole(let value), .decimal): .decimal(EngineText.decimal(value, scale: leaf.scale))
        case (.whole(let value), .time): Self.micros(value, leaf.unit).map(SQLValue.time)
        case (.whole(let value), .timestamp):
            Self.micros(value, leaf.unit).map { .timestamp($0, hasZone: false) }
        case (.whole(let value), .timestampWithZone):
            Self.micros(value, leaf.unit).map { .timestamp($0, hasZone: true) }
        case (.number(let value), .floating): .double(value)
        case (.text(let bytes), .text): String(validating: bytes, as: UTF8.self).map(SQLValue.text)
        default: nil
        }
    }

    private static func micros(_ value: Int128, _ unit: ParquetLeaf.TimeUnit?) -> Int64? {
        switch unit {
        case .milliseconds: Int64(exactly: value * 1000)
        case .microseconds: Int64(exactly: value)
        case .nanoseconds: value % 1000 == 0 ? Int64(exactly: value / 1000) : nil
        case nil: nil
        }
    }
}
