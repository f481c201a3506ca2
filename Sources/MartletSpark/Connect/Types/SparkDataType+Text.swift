extension SparkDataType {
    /// The type as Spark's `simpleString` writes it, as in `struct<a:int,b:array<string>>`.
    package var simpleString: String {
        switch self {
        case .null: "void"
        case .binary: "binary"
        case .boolean: "boolean"
        case .byte: "tinyint"
        case .short: "smallint"
        case .integer: "int"
        case .long: "bigint"
        case .float: "float"
        case .double: "double"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .string(let collation): collation.map { "string collate \($0)" } ?? "string"
        case .char(let length): "char(\(length))"
        case .varchar(let length): "varchar(\(length))"
        case .date: "date"
        case .timestamp: "timestamp"
        case .timestampNTZ: "timestamp_ntz"
        case .time(let precision): "time(\(precision))"
        case .calendarInterval: "interval"
        case .yearMonthInterval(let start, let end): Self.interval(["year", "month"], start, end)
        case .dayTimeInterval(let start, let end): Self.interval(["day", "hour", "minute", "second"], start, end)
        case .array(let element, _): "array<\(element.simpleString)>"
        case .map(let key, let value, _): "map<\(key.simpleString),\(value.simpleString)>"
        case .structure(let fields):
            "struct<\(fields.map { "\($0.name):\($0.type.simpleString)" }.joined(separator: ","))>"
        case .variant: "variant"
        case .geometry(let srid): "geometry(\(srid))"
        case .geography(let srid): "geography(\(srid))"
        case .userDefined(_, let storedAs): storedAs?.simpleString ?? "udt"
        case .unparsed(let text): text
        }
    }

    /// The type as SQL writes it, which Spark's parser reads back, as in `STRUCT<a: INT NOT NULL, b: ARRAY<STRING>>`.
    package var sql: String {
        switch self {
        case .array(let element, _): "ARRAY<\(element.sql)>"
        case .map(let key, let value, _): "MAP<\(key.sql), \(value.sql)>"
        case .structure(let fields):
            "STRUCT<\(fields.map { "\(Self.quoted($0.name)): \($0.type.sql)\($0.isNullable ? "" : " NOT NULL")" }.joined(separator: ", "))>"
        case .string(.some(let collation)): "STRING COLLATE \(collation)"
        case .userDefined(_, .some(let storedAs)): storedAs.sql
        case .unparsed(let text): text
        default: simpleString.uppercased()
        }
    }

    /// The columns of a struct as SQL writes a schema, as in `id BIGINT NOT NULL, name STRING`; of any other type one
    /// column named `value`, as Spark has it.
    package var ddl: String {
        guard case .structure(let fields) = self else { return "value \(sql)" }
        return fields.map { "\(Self.quoted($0.name)) \($0.type.sql)\($0.isNullable ? "" : " NOT NULL")" }
            .joined(separator: ", ")
    }

    /// A name in backticks, unless it is a plain identifier.
    static func quoted(_ name: String) -> String {
        let plain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let startsWithDigit = name.utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? true
        if plain, !startsWithDigit { return name }
        return "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
    }

    private static func interval(_ fields: [String], _ start: Int, _ end: Int) -> String {
        guard fields.indices.contains(start), fields.indices.contains(end) else { return "interval" }
        return start == end ? "interval \(fields[start])" : "interval \(fields[start]) to \(fields[end])"
    }
}
