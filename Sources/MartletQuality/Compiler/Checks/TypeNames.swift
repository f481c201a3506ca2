import MartletCore

/// The names that engines have for types, put together by what they mean.
enum TypeNames {
    /// Whether `name`, in the words of any engine, is the type of `column`.
    ///
    /// Names with a width mean that width; those without one, such as `Integer`, mean all of the kind.
    static func matches(_ name: String, _ column: TableColumn) -> Bool {
        let wanted = name.uppercased()
        let actual = column.type.uppercased()
        if wanted == actual { return true }
        if wanted.contains("(") { return actual == wanted.replacing(" ", with: "") }
        let families = families(name)
        return families.contains(family(actual)) || families.contains(column.kind.rawValue)
    }

    /// Whether `name`, in the words of Python, is the type that pandas reads `column` as.
    static func matchesPandas(_ name: String, _ column: TableColumn, hasNulls: Bool) -> Bool {
        let actual = pandas(column, hasNulls: hasNulls)
        if name == actual { return true }
        return aliases[actual]?.contains(name) ?? false
    }

    /// What pandas calls the type that it reads `column` as.
    static func pandas(_ column: TableColumn, hasNulls: Bool) -> String {
        switch column.kind {
        case .integer:
            if hasNulls { return "float64" }
            let family = family(column.type.uppercased())
            return family == "int128" ? "float64" : family
        case .floating: return family(column.type.uppercased()) == "float32" ? "float32" : "float64"
        case .boolean: return hasNulls ? "object_" : "bool"
        case .text: return "str"
        case .timestamp, .timestampWithZone: return column.kind == .timestamp ? "datetime64" : "Timestamp"
        case .interval: return "timedelta64"
        case .enumeration: return "CategoricalDtypeType"
        default: return "object_"
        }
    }

    private static let aliases: [String: Set<String>] = [
        "int64": ["int", "int_", "long", "i8", "<i8"], "int32": ["i4", "<i4", "intc"], "int16": ["i2", "short"],
        "int8": ["i1", "byte"], "float64": ["float", "double", "f8", "<f8"], "float32": ["f4", "<f4", "single"],
        "bool": ["bool_", "?"], "str": ["string_types", "string"], "object_": ["object", "O"],
        "datetime64": [
            "datetime64[ns]", "datetime64[us]", "datetime64[ms]", "datetime64[s]", "M8[ns]", "<M8[ns]", "M8",
        ],
        "Timestamp": ["DatetimeTZDtype"], "timedelta64": ["timedelta64[ns]", "m8[ns]"],
        "CategoricalDtypeType": ["category", "CategoricalDtype"],
    ]

    /// The family of a DuckDB type.
    private static func family(_ type: String) -> String {
        let base = String(type.prefix { $0 != "(" })
        return families(base).first ?? base
    }

    private static func families(_ name: String) -> [String] {
        // In NumPy's words `int8` has eight bits, in SQL's eight bytes.
        if let own = numpy[name] { return own }
        let key = name.uppercased().replacing("_", with: " ")
        return table[key] ?? []
    }

    private static let numpy: [String: [String]] = [
        "int8": ["int8"], "int16": ["int16"], "int32": ["int32"], "int64": ["int64"], "uint8": ["uint8"],
        "uint16": ["uint16"], "uint32": ["uint32"], "uint64": ["uint64"], "int": ["int32", "int64"],
        "Integer": ["integer"], "Float": ["floating"], "Int8": ["int8"], "float": ["floating"],
        "object": ["text", "other", "list", "structure", "map", "decimal", "date"],
    ]

    private static let table: [String: [String]] = {
        var table: [String: [String]] = [:]
        for (families, names) in names {
            for name in names.split(separator: "|") { table[String(name), default: []] += families }
        }
        return table
    }()

    private static let names: [([String], String)] = [
        (["boolean"], "BOOLEAN|BOOL|LOGICAL|BOOLEANTYPE|BOOL "),
        (["int8"], "TINYINT|INT1|BYTETYPE"),
        (["int16"], "SMALLINT|INT2|SHORT|SHORTTYPE|INT16|SMALLINTEGER"),
        (["int32"], "INTEGER|INT|INT4|SIGNED|INTEGERTYPE|INT32"),
        (["int64"], "BIGINT|INT8|LONG|LONGTYPE|INT64|BIGINTEGER"),
        (["int128"], "HUGEINT|INT128"),
        (["uint8"], "UTINYINT|UINT8"),
        (["uint16"], "USMALLINT|UINT16"),
        (["uint32"], "UINTEGER|UINT32"),
        (["uint64"], "UBIGINT|UINT64"),
        (["float32", "float64"], "FLOAT"),
        (["float32"], "REAL|FLOAT4|FLOATTYPE|FLOAT32"),
        (["float64"], "DOUBLE|FLOAT8|DOUBLETYPE|FLOAT64|DOUBLE PRECISION"),
        (["decimal"], "DECIMAL|NUMERIC|DECIMALTYPE|DEC"),
        (
            ["text"],
            "VARCHAR|TEXT|STRING|CHAR|BPCHAR|NVARCHAR|NCHAR|STRINGTYPE|STR|UNICODE|STRING TYPES|CHARACTER VARYING"
        ),
        (["date"], "DATE|DATETYPE"),
        (["time"], "TIME|TIMETYPE"),
        (
            ["timestamp"],
            "TIMESTAMP|DATETIME|TIMESTAMPTYPE|TIMESTAMPNTZTYPE|TIMESTAMP NTZ|DATETIME64|TIMESTAMP S|"
                + "TIMESTAMP MS|TIMESTAMP NS|DATETIME64[NS]|DATETIME64[US]"
        ),
        (["timestamp_with_zone"], "TIMESTAMP WITH TIME ZONE|TIMESTAMPTZ|TIMESTAMPTYPE|DATETIMETZDTYPE"),
        (["interval"], "INTERVAL|TIMEDELTA64|TIMEDELTA64[NS]"),
        (["bytes"], "BLOB|BYTEA|BINARY|VARBINARY|BINARYTYPE|BYTES"),
        (["uuid"], "UUID"), (["json"], "JSON"), (["enumeration"], "ENUM|CATEGORY|CATEGORICALDTYPE"),
        (["list"], "LIST|ARRAY|ARRAYTYPE"), (["structure"], "STRUCT|STRUCTTYPE|DICT|ROW"),
        (["map"], "MAP|MAPTYPE|DICT"),
    ]
}
