/// A leaf of a Parquet file's schema: a column that holds values.
struct ParquetLeaf {
    /// How values are stored, as the format numbers it.
    enum Storage: Int64 {
        case boolean, int32, int64, int96, float, double, byteArray, fixedByteArray
    }

    /// What times count.
    enum TimeUnit {
        case milliseconds, microseconds, nanoseconds
    }

    /// Its name.
    var name = ""
    /// Whether it is a column of the table itself, with one value in each row, and not a part of one.
    var isColumn = false
    var storage: Storage?
    /// Whether whole numbers have no sign.
    var isUnsigned = false
    /// What a time or timestamp counts.
    var unit: TimeUnit?
    /// Digits behind the point of a decimal.
    var scale = 0

    /// Whether bounds of the two can be compared.
    func countsLike(_ other: Self) -> Bool {
        isUnsigned == other.isUnsigned && unit == other.unit && scale == other.scale
    }
}

extension ParquetLeaf {
    /// Reads the schema, a list in depth-first order of which the first is the root.
    static func leaves(_ reader: inout ThriftReader) throws(ThriftReader.Malformed) -> [ParquetLeaf] {
        var leaves = [ParquetLeaf]()
        // How many children each open ancestor still has to come.
        var open = [Int]()
        try reader.eachElement { reader, index, _ throws(ThriftReader.Malformed) in
            var element = ParquetLeaf()
            let node = try element.read(&reader)
            while let last = open.last, last == 0 { open.removeLast() }
            if let last = open.indices.last { open[last] -= 1 }
            if node.children > 0 || index == 0 {
                open.append(node.children)
            } else {
                element.isColumn = open.count == 1 && !node.isRepeated
                leaves.append(element)
            }
        }
        return leaves
    }

    /// Reads a `SchemaElement`.
    private mutating func read(
        _ reader: inout ThriftReader
    ) throws(ThriftReader.Malformed) -> (children: Int, isRepeated: Bool) {
        var node = (children: 0, isRepeated: false)
        try reader.eachField { reader, id, kind throws(ThriftReader.Malformed) in
            switch id {
            case 1: storage = Storage(rawValue: try reader.integer())
            case 3: node.isRepeated = try reader.integer() == 2
            case 4: name = try reader.text()
            case 5: node.children = Int(try reader.integer())
            case 6: readConverted(try reader.integer())
            case 7: scale = Int(try reader.integer())
            case 10: try readLogical(&reader)
            default: try reader.skip(kind)
            }
        }
        return node
    }

    /// Reads a `ConvertedType`, the older way to say what values mean.
    private mutating func readConverted(_ type: Int64) {
        switch type {
        case 7, 9: unit = .milliseconds
        case 8, 10: unit = .microseconds
        case 11...14: isUnsigned = true
        default: break
        }
    }

    /// Reads a `LogicalType`, a union.
    private mutating func readLogical(_ reader: inout ThriftReader) throws(ThriftReader.Malformed) {
        try reader.eachField { reader, type, kind throws(ThriftReader.Malformed) in
            switch type {
            case 5:
                try reader.eachField { reader, id, kind throws(ThriftReader.Malformed) in
                    if id == 1 { scale = Int(try reader.integer()) } else { try reader.skip(kind) }
                }
            case 7, 8:
                try reader.eachField { reader, id, kind throws(ThriftReader.Malformed) in
                    if id == 2 { try readUnit(&reader) } else { try reader.skip(kind) }
                }
            case 10:
                try reader.eachField { reader, id, kind throws(ThriftReader.Malformed) in
                    if id == 2 { isUnsigned = kind == ThriftReader.Kind.no }
                    try reader.skip(kind)
                }
            default: try reader.skip(kind)
            }
        }
    }

    /// Reads a `TimeUnit`, a union of empty structures.
    private mutating func readUnit(_ reader: inout ThriftReader) throws(ThriftReader.Malformed) {
        try reader.eachField { reader, id, kind throws(ThriftReader.Malformed) in
            unit = [1: .milliseconds, 2: .microseconds, 3: .nanoseconds][id]
            try reader.skip(kind)
        }
    }
}
