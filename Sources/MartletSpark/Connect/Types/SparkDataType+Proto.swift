internal import SwiftProtobuf

extension SparkDataType {
    /// The type that a message says; nil for a message without one, as a newer server may send.
    init?(_ message: ProtoDataType) {
        guard let kind = message.kind, let type = SparkDataType.read(kind) else { return nil }
        self = type
    }

    private static func read(_ kind: ProtoDataType.OneOf_Kind) -> SparkDataType? {
        switch kind {
        case .null: return .null
        case .binary: return .binary
        case .boolean: return .boolean
        case .byte: return .byte
        case .short: return .short
        case .integer: return .integer
        case .long: return .long
        case .float: return .float
        case .double: return .double
        case .decimal(let value):
            return .decimal(
                precision: value.hasPrecision ? Int(value.precision) : 10,
                scale: value.hasScale ? Int(value.scale) : 0
            )
        case .string(let value):
            let isDefault = value.collation.isEmpty || value.collation == "UTF8_BINARY"
            return .string(collation: isDefault ? nil : value.collation)
        case .char(let value): return .char(Int(value.length))
        case .varChar(let value): return .varchar(Int(value.length))
        case .date: return .date
        case .timestamp: return .timestamp
        case .timestampNtz: return .timestampNTZ
        case .time(let value): return .time(precision: value.hasPrecision ? Int(value.precision) : 6)
        case .calendarInterval: return .calendarInterval
        case .yearMonthInterval(let value):
            return .yearMonthInterval(
                start: value.hasStartField ? Int(value.startField) : 0,
                end: value.hasEndField ? Int(value.endField) : 1
            )
        case .dayTimeInterval(let value):
            return .dayTimeInterval(
                start: value.hasStartField ? Int(value.startField) : 0,
                end: value.hasEndField ? Int(value.endField) : 3
            )
        case .array, .map, .struct: return readNested(kind)
        case .variant: return .variant
        case .geometry(let value): return .geometry(srid: Int(value.srid))
        case .geography(let value): return .geography(srid: Int(value.srid))
        case .udt(let value):
            return .userDefined(
                jvmClass: value.hasJvmClass ? value.jvmClass : nil,
                storedAs: value.hasSqlType ? SparkDataType(value.sqlType) : nil
            )
        case .unparsed(let value): return .unparsed(value.dataTypeString)
        }
    }

    private static func readNested(_ kind: ProtoDataType.OneOf_Kind) -> SparkDataType? {
        switch kind {
        case .array(let value):
            return SparkDataType(value.elementType).map { .array(element: $0, containsNull: value.containsNull) }
        case .map(let value):
            guard let key = SparkDataType(value.keyType), let element = SparkDataType(value.valueType) else {
                return nil
            }
            return .map(key: key, value: element, valueContainsNull: value.valueContainsNull)
        case .struct(let value):
            var fields: [SparkField] = []
            for field in value.fields {
                guard let type = SparkDataType(field.dataType) else { return nil }
                let metadata = field.hasMetadata && field.metadata != "{}" ? field.metadata : nil
                fields.append(SparkField(field.name, type, isNullable: field.nullable, metadata: metadata))
            }
            return .structure(fields)
        default: return nil
        }
    }

    /// The type as a message.
    var proto: ProtoDataType {
        .with { $0.kind = kind }
    }

    private var kind: ProtoDataType.OneOf_Kind {
        switch self {
        case .null: .null(.init())
        case .binary: .binary(.init())
        case .boolean: .boolean(.init())
        case .byte: .byte(.init())
        case .short: .short(.init())
        case .integer: .integer(.init())
        case .long: .long(.init())
        case .float: .float(.init())
        case .double: .double(.init())
        case .decimal(let precision, let scale):
            .decimal(
                .with {
                    $0.precision = Int32(clamping: precision)
                    $0.scale = Int32(clamping: scale)
                }
            )
        case .string(let collation): .string(.with { $0.collation = collation ?? "" })
        case .char(let length): .char(.with { $0.length = Int32(clamping: length) })
        case .varchar(let length): .varChar(.with { $0.length = Int32(clamping: length) })
        case .date: .date(.init())
        case .timestamp: .timestamp(.init())
        case .timestampNTZ: .timestampNtz(.init())
        case .time(let precision): .time(.with { $0.precision = Int32(clamping: precision) })
        case .calendarInterval: .calendarInterval(.init())
        case .yearMonthInterval(let start, let end):
            .yearMonthInterval(
                .with {
                    $0.startField = Int32(clamping: start)
                    $0.endField = Int32(clamping: end)
                }
            )
        case .dayTimeInterval(let start, let end):
            .dayTimeInterval(
                .with {
                    $0.startField = Int32(clamping: start)
                    $0.endField = Int32(clamping: end)
                }
            )
        case .array, .map, .structure: nestedKind
        case .variant: .variant(.init())
        case .geometry(let srid): .geometry(.with { $0.srid = Int32(clamping: srid) })
        case .geography(let srid): .geography(.with { $0.srid = Int32(clamping: srid) })
        case .userDefined(let jvmClass, let storedAs):
            .udt(
                .with {
                    $0.type = "udt"
                    if let jvmClass { $0.jvmClass = jvmClass }
                    if let storedAs { $0.sqlType = storedAs.proto }
                }
            )
        case .unparsed(let text): .unparsed(.with { $0.dataTypeString = text })
        }
    }

    private var nestedKind: ProtoDataType.OneOf_Kind {
        switch self {
        case .array(let element, let containsNull):
            .array(
                .with {
                    $0.elementType = element.proto
                    $0.containsNull = containsNull
                }
            )
        case .map(let key, let value, let valueContainsNull):
            .map(
                .with {
                    $0.keyType = key.proto
                    $0.valueType = value.proto
                    $0.valueContainsNull = valueContainsNull
                }
            )
        case .structure(let fields):
            .struct(
                .with {
                    $0.fields = fields.map { field in
                        .with {
                            $0.name = field.name
                            $0.dataType = field.type.proto
                            $0.nullable = field.isNullable
                            if let metadata = field.metadata { $0.metadata = metadata }
                        }
                    }
                }
            )
        default: .null(.init())
        }
    }
}
