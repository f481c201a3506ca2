import CDuckDB

extension DuckDBType {
    /// Reads a type, and does not keep `type`, which stays the caller's.
    ///
    /// The numbers are those of the C API's enumeration `duckdb_type`.
    init(_ type: duckdb_logical_type?, _ library: DuckDBLibrary) {
        let api = library.api
        let id = api.get_type_id(type)
        if let simple = Self.simple[id] {
            let alias = id == 17 ? library.taken(api.logical_type_get_alias(type)) : nil
            self = alias.map(DuckDBType.alias) ?? simple
            return
        }
        func part(_ child: duckdb_logical_type?) -> DuckDBType {
            var owned = child
            defer { api.destroy_logical_type(&owned) }
            return DuckDBType(owned, library)
        }
        switch id {
        case 19:
            let bits = Self.bits(of: api.decimal_internal_type(type))
            self = .decimal(width: Int(api.decimal_width(type)), scale: Int(api.decimal_scale(type)), bits: bits)
        case 23:
            let words = (0..<UInt64(api.enum_dictionary_size(type))).map { index in
                library.taken(api.enum_dictionary_value(type, index)) ?? ""
            }
            self = .enumeration(words, bits: Self.bits(of: api.enum_internal_type(type)))
        case 24: self = .list(part(api.list_type_child_type(type)))
        case 25:
            self = .structure(
                (0..<api.struct_type_child_count(type)).map { index in
                    let name = library.taken(api.struct_type_child_name(type, index)) ?? ""
                    return Member(name: name, type: part(api.struct_type_child_type(type, index)))
                }
            )
        case 26: self = .map(key: part(api.map_type_key_type(type)), value: part(api.map_type_value_type(type)))
        case 33: self = .array(part(api.array_type_child_type(type)), count: Int(api.array_type_array_size(type)))
        default: self = .other
        }
    }

    /// The types that have no parts.
    private static let simple: [duckdb_type: DuckDBType] = [
        1: .boolean,
        2: .integer(bits: 8, isSigned: true),
        3: .integer(bits: 16, isSigned: true),
        4: .integer(bits: 32, isSigned: true),
        5: .integer(bits: 64, isSigned: true),
        6: .integer(bits: 8, isSigned: false),
        7: .integer(bits: 16, isSigned: false),
        8: .integer(bits: 32, isSigned: false),
        9: .integer(bits: 64, isSigned: false),
        10: .float,
        11: .double,
        12: .timestamp(.microseconds),
        13: .date,
        14: .time,
        15: .interval,
        16: .integer(bits: 128, isSigned: true),
        17: .varchar,
        18: .blob,
        20: .timestamp(.seconds),
        21: .timestamp(.milliseconds),
        22: .timestamp(.nanoseconds),
        27: .uuid,
        29: .bit,
        30: .timeWithZone,
        31: .timestampWithZone,
        32: .integer(bits: 128, isSigned: false),
        36: .null,
        39: .timeNanoseconds,
    ]

    /// How wide the whole numbers are that stand for a decimal or a word.
    private static func bits(of storage: duckdb_type) -> Int {
        if case .integer(let bits, _) = simple[storage] { bits } else { 64 }
    }
}
