import MartletCore

/// What the footer of a Parquet file says, added up over its row groups.
struct ParquetFooter {
    /// A column of the file.
    struct Column {
        var leaf: ParquetLeaf
        /// How many values are null; nil when a row group does not tell.
        var nullCount: Int? = 0
        /// At most how many values are distinct; nil when a row group does not tell.
        var distinctAtMost: Int? = 0
        /// The least and the greatest value; nil when there is none, or a row group with values does not tell.
        var minimum: ParquetBound?
        /// See `minimum`.
        var maximum: ParquetBound?
        /// Whether a bound is missing.
        var isUnbounded = false
        /// Whether a bound may be one that does not occur.
        var isInexact = false
        /// Whether values may be not-a-number, which bounds leave out.
        var mayHoldNotANumber = false
    }

    private(set) var rowCount = 0
    private(set) var columns = [Column]()
    private var writer = ""
    /// Whether the bounds are in the order that their types define.
    private var isOrdered = false

    /// Reads a footer; `kind` tells what the columns of the table are.
    ///
    /// The structures are those of `parquet.thrift` of Apache Parquet.
    init(
        _ bytes: UnsafeRawBufferPointer,
        kind: (String) -> TableColumn.Kind?
    ) throws(ThriftReader.Malformed) {
        var reader = ThriftReader(bytes)
        var kinds = [TableColumn.Kind?]()
        try reader.eachField { reader, id, field throws(ThriftReader.Malformed) in
            switch id {
            case 2:
                columns = try ParquetLeaf.leaves(&reader).map { Column(leaf: $0) }
                kinds = columns.map { $0.leaf.isColumn ? kind($0.leaf.name) : nil }
            case 3: rowCount = Int(try reader.integer())
            case 4:
                try reader.eachElement { reader, _, _ throws(ThriftReader.Malformed) in
                    try readRowGroup(&reader, kinds)
                }
            case 6: writer = try reader.text()
            case 7:
                isOrdered = true
                try reader.skip(field)
            default: try reader.skip(field)
            }
        }
        // DuckDB writes no bounds of what holds not-a-number.
        let isTrusted = writer.hasPrefix("DuckDB")
        for index in columns.indices {
            let isUncertain = columns[index].mayHoldNotANumber && !isTrusted
            columns[index].mayHoldNotANumber = isUncertain
            if !isOrdered || isUncertain { columns[index].isUnbounded = true }
        }
    }

    private mutating func readRowGroup(
        _ reader: inout ThriftReader,
        _ kinds: [TableColumn.Kind?]
    ) throws(ThriftReader.Malformed) {
        try reader.eachField { reader, id, field throws(ThriftReader.Malformed) in
            guard id == 1 else { return try reader.skip(field) }
            try reader.eachElement { reader, index, _ throws(ThriftReader.Malformed) in
                guard columns.indices.contains(index) else { throw ThriftReader.Malformed() }
                try reader.eachField { reader, id, field throws(ThriftReader.Malformed) in
                    if id == 3, field == ThriftReader.Kind.structure, let kind = kinds[index] {
                        try columns[index].readChunk(&reader, kind)
                    } else {
                        try reader.skip(field)
                    }
                }
            }
        }
    }
}

extension ParquetFooter.Column {
    /// Reads a `ColumnMetaData`.
    fileprivate mutating func readChunk(
        _ reader: inout ThriftReader,
        _ kind: TableColumn.Kind
    ) throws(ThriftReader.Malformed) {
        var values = 0
        var chunk = Chunk()
        try reader.eachField { reader, id, field throws(ThriftReader.Malformed) in
            switch id {
            case 5: values = Int(try reader.integer())
            case 12: try chunk.read(&reader)
            default: try reader.skip(field)
            }
        }
        nullCount = nullCount.flatMap { sum in chunk.nulls.map { sum + $0 } }
        distinctAtMost = distinctAtMost.flatMap { sum in chunk.distinct.map { sum + $0 } }
        if chunk.nulls == values { return }
        if kind == .floating, chunk.notANumbers != 0 { mayHoldNotANumber = true }
        guard chunk.notANumbers ?? 0 == 0,
            let low = chunk.minimum.flatMap({ ParquetBound($0, of: leaf, as: kind) }),
            let high = chunk.maximum.flatMap({ ParquetBound($0, of: leaf, as: kind) })
        else {
            isUnbounded = true
            return
        }
        minimum = minimum.map { min($0, low) } ?? low
        maximum = maximum.map { max($0, high) } ?? high
        // Texts may have been cut short by a writer that does not say so.
        let isWhole = kind != .text
        if !(chunk.isMinimumExact ?? isWhole) || !(chunk.isMaximumExact ?? isWhole) { isInexact = true }
    }

    /// The `Statistics` of a chunk, a column's part of a row group.
    private struct Chunk {
        var nulls: Int?
        var distinct: Int?
        var minimum: UnsafeRawBufferPointer?
        var maximum: UnsafeRawBufferPointer?
        var isMinimumExact: Bool?
        var isMaximumExact: Bool?
        var notANumbers: Int?

        mutating func read(_ reader: inout ThriftReader) throws(ThriftReader.Malformed) {
            try reader.eachField { reader, id, field throws(ThriftReader.Malformed) in
                switch id {
                case 3: nulls = Int(try reader.integer())
                case 4: distinct = Int(try reader.integer())
                case 5: maximum = try reader.binary()
                case 6: minimum = try reader.binary()
                case 7: isMaximumExact = field == ThriftReader.Kind.yes
                case 8: isMinimumExact = field == ThriftReader.Kind.yes
                case 9: notANumbers = Int(try reader.integer())
                default: try reader.skip(field)
                }
            }
        }
    }
}
