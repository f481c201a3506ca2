extension ArrowSchema {
    /// The table `Schema` of the Arrow format.
    var table: FlatNode {
        var slots: [Int: FlatField] = [6: .reference(.tables(fields.map(\.table)))]
        if !metadata.isEmpty { slots[8] = .reference(.metadata(metadata)) }
        return .table(slots)
    }
}

extension FlatNode {
    /// Pairs of texts, in the order of their keys.
    static func metadata(_ metadata: [String: String]) -> FlatNode {
        .tables(
            metadata.sorted { $0.key < $1.key }.map {
                .table([4: .reference(.text($0.key)), 6: .reference(.text($0.value))])
            }
        )
    }
}

extension ArrowField {
    /// The table `Field` of the Arrow format.
    var table: FlatNode {
        let (id, table) = type.table
        var slots: [Int: FlatField] = [
            4: .reference(.text(name)),
            6: .flag(isNullable),
            8: .byte(id),
            10: .reference(.table(table)),
            14: .reference(.tables(type.parts.map(\.table))),
        ]
        if !metadata.isEmpty { slots[16] = .reference(.metadata(metadata)) }
        return .table(slots)
    }
}

extension ArrowType {
    /// The type's number in the Arrow format, and the fields of its table.
    fileprivate var table: (id: UInt8, fields: [Int: FlatField]) {
        switch self {
        case .null: return (1, [:])
        case .integer(let bits, let isSigned): return (2, [4: .int(Int32(bits)), 6: .flag(isSigned)])
        case .float: return (3, [4: .short(1)])
        case .double: return (3, [4: .short(2)])
        case .binary(let isLarge): return (isLarge ? 19 : 4, [:])
        case .utf8(let isLarge): return (isLarge ? 20 : 5, [:])
        case .boolean: return (6, [:])
        case .decimal(let precision, let scale):
            return (7, [4: .int(Int32(precision)), 6: .int(Int32(scale)), 8: .int(128)])
        case .date: return (8, [4: .short(0)])
        case .dateMilliseconds: return (8, [4: .short(1)])
        case .time(let unit): return (9, [4: .short(Int16(unit.rawValue)), 6: .int(width == 4 ? 32 : 64)])
        case .timestamp(let unit, let zone):
            var fields: [Int: FlatField] = [4: .short(Int16(unit.rawValue))]
            if let zone { fields[6] = .reference(.text(zone)) }
            return (10, fields)
        case .interval(let unit): return (11, [4: .short(Int16(unit.rawValue))])
        case .list(_, let isLarge): return (isLarge ? 21 : 12, [:])
        case .structure: return (13, [:])
        case .map(_, _, _, let keysSorted): return (17, [4: .flag(keysSorted)])
        case .duration(let unit): return (18, [4: .short(Int16(unit.rawValue))])
        }
    }
}
