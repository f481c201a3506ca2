import MartletCore

/// Reads the schema message of a stream.
///
/// Slots and defaults are those of `Schema.fbs` of the Arrow format.
struct ArrowSchemaDecoder {
    private var fieldCount = 0
    private var textBytes = 0

    /// The schema in the table `Schema`.
    static func schema(_ table: FlatTable) throws(MartletError) -> ArrowSchema {
        guard try table.number(4, or: Int16(0)) == 0 else {
            throw ArrowFailure.unsupported("Arrow data of a big-endian machine", path: [])
        }
        var decoder = ArrowSchemaDecoder()
        let fields = try decoder.fields(table.tables(6), path: [])
        return ArrowSchema(fields, metadata: try decoder.metadata(table.tables(8)))
    }

    private mutating func fields(_ tables: FlatTables, path: [String]) throws(MartletError) -> [ArrowField] {
        guard path.count < Limits.arrowNesting else {
            throw ArrowFailure.tooLarge("its columns are nested too deeply", limit: Limits.arrowNesting)
        }
        // Tables may be shared, so that few bytes can stand for many fields.
        fieldCount += tables.count
        guard fieldCount <= Limits.arrowFields else {
            throw ArrowFailure.tooLarge("its schema has too many fields", limit: Limits.arrowFields)
        }
        var fields = [ArrowField]()
        fields.reserveCapacity(tables.count)
        for index in 0..<tables.count { fields.append(try field(tables.table(index), path)) }
        return fields
    }

    private mutating func field(_ table: FlatTable, _ path: [String]) throws(MartletError) -> ArrowField {
        let name = try text(table, 4)
        let path = path + [name]
        guard try table.table(12) == nil else {
            throw ArrowFailure.unsupported("dictionary encoding", path: path)
        }
        let children = try fields(table.tables(14), path: path)
        return ArrowField(
            name,
            try type(table, children, path),
            isNullable: try table.flag(6),
            metadata: try metadata(table.tables(16))
        )
    }

    private mutating func type(
        _ field: FlatTable,
        _ children: [ArrowField],
        _ path: [String]
    ) throws(MartletError) -> ArrowType {
        let id = try field.number(8, or: UInt8(0))
        guard let table = try field.table(10) else {
            throw ArrowFailure.malformed("column \(path.joined(separator: ".")) has no type")
        }
        switch id {
        case 12, 21:
            guard children.count == 1 else { throw wrongChildren(path) }
            return .list(children[0], isLarge: id == 21)
        case 13: return .structure(children)
        case 17:
            guard children.count == 1, case .structure(let members) = children[0].type, members.count == 2 else {
                throw wrongChildren(path)
            }
            return .map(
                key: members[0],
                value: members[1],
                entries: children[0].name,
                keysSorted: try table.flag(4)
            )
        default:
            let type = try simple(id, table, path)
            guard children.isEmpty else { throw wrongChildren(path) }
            return type
        }
    }

    private mutating func simple(_ id: UInt8, _ table: FlatTable, _ path: [String]) throws(MartletError) -> ArrowType {
        switch id {
        case 1: return .null
        case 2:
            let bits = Int(try table.number(4, or: Int32(0)))
            guard [8, 16, 32, 64].contains(bits) else {
                throw ArrowFailure.unsupported("an integer of \(bits) bits", path: path)
            }
            return .integer(bits: bits, isSigned: try table.flag(6))
        case 3:
            switch try table.number(4, or: Int16(0)) {
            case 1: return .float
            case 2: return .double
            default: throw ArrowFailure.unsupported("a floating-point number of 16 bits", path: path)
            }
        case 4, 19: return .binary(isLarge: id == 19)
        case 5, 20: return .utf8(isLarge: id == 20)
        case 6: return .boolean
        case 7: return try decimal(table, path)
        case 8: return try table.number(4, or: Int16(1)) == 0 ? .date : .dateMilliseconds
        case 9:
            let unit = try unit(table, or: 1, path)
            let bits = try table.number(6, or: Int32(32))
            guard bits == (unit == .second || unit == .millisecond ? 32 : 64) else {
                throw ArrowFailure.unsupported("a time of \(bits) bits for \(unit)s", path: path)
            }
            return .time(unit)
        case 10:
            let unit = try unit(table, or: 0, path)
            return .timestamp(unit, zone: try table.text(6) == nil ? nil : try text(table, 6))
        case 11:
            guard let unit = ArrowIntervalUnit(rawValue: Int(try table.number(4, or: Int16(0)))) else {
                throw ArrowFailure.unsupported("an interval of an unknown unit", path: path)
            }
            return .interval(unit)
        case 18: return .duration(try unit(table, or: 1, path))
        default: throw ArrowFailure.unsupported(Self.names[id] ?? "type \(id) of Arrow", path: path)
        }
    }

    private func decimal(_ table: FlatTable, _ path: [String]) throws(MartletError) -> ArrowType {
        let precision = Int(try table.number(4, or: Int32(0)))
        let scale = Int(try table.number(6, or: Int32(0)))
        let bits = try table.number(8, or: Int32(128))
        guard bits == 128 else { throw ArrowFailure.unsupported("a decimal of \(bits) bits", path: path) }
        // A 128-bit number holds 38 digits; Spark's scales are neither negative nor above the precision.
        guard (1...38).contains(precision), (0...precision).contains(scale) else {
            throw ArrowFailure.unsupported("decimal(\(precision),\(scale))", path: path)
        }
        return .decimal(precision: precision, scale: scale)
    }

    private func unit(_ table: FlatTable, or fallback: Int16, _ path: [String]) throws(MartletError) -> ArrowTimeUnit {
        guard let unit = ArrowTimeUnit(rawValue: Int(try table.number(4, or: fallback))) else {
            throw ArrowFailure.unsupported("a time of an unknown unit", path: path)
        }
        return unit
    }

    private func wrongChildren(_ path: [String]) -> MartletError {
        ArrowFailure.malformed("column \(path.joined(separator: ".")) has parts that do not fit its type")
    }

    private mutating func metadata(_ tables: FlatTables) throws(MartletError) -> [String: String] {
        if tables.count == 0 { return [:] }
        guard tables.count <= Limits.arrowFields else {
            throw ArrowFailure.tooLarge("its schema has too much metadata", limit: Limits.arrowFields)
        }
        var metadata = [String: String]()
        for index in 0..<tables.count {
            // Each entry counts as text, since tables may be shared and texts empty.
            try spend(8)
            let table = try tables.table(index)
            metadata[try text(table, 4)] = try text(table, 6)
        }
        return metadata
    }

    private mutating func text(_ table: FlatTable, _ slot: Int) throws(MartletError) -> String {
        guard let bytes = try table.text(slot) else { return "" }
        try spend(bytes.count)
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func spend(_ count: Int) throws(MartletError) {
        textBytes += count
        guard textBytes <= Limits.arrowSchemaTextBytes else {
            throw ArrowFailure.tooLarge("its schema has too much text", limit: Limits.arrowSchemaTextBytes)
        }
    }

    /// Types that Spark does not send.
    private static let names: [UInt8: String] = [
        14: "a union", 15: "binary of a fixed size", 16: "a list of a fixed size", 22: "run-end encoding",
        23: "a binary view", 24: "a string view", 25: "a list view", 26: "a large list view",
    ]
}
