internal import Foundation
internal import SwiftProtobuf

extension SparkValue {
    /// The value as an expression.
    var expression: ProtoExpression {
        .with { $0.literal = literal }
    }

    /// The value as a literal.
    var literal: ProtoExpression.Literal {
        .with { $0.literalType = kind }
    }

    private var kind: ProtoExpression.Literal.OneOf_LiteralType {
        switch self {
        case .null(let type): .null(type.proto)
        case .binary(let bytes): .binary(Data(bytes))
        case .boolean(let value): .boolean(value)
        case .byte(let value): .byte(Int32(value))
        case .short(let value): .short(Int32(value))
        case .integer(let value): .integer(value)
        case .long(let value): .long(value)
        case .float(let value): .float(value)
        case .double(let value): .double(value)
        case .decimal(let digits, let precision, let scale):
            .decimal(
                .with {
                    $0.value = digits
                    $0.precision = Int32(clamping: precision)
                    $0.scale = Int32(clamping: scale)
                }
            )
        case .string(let value): .string(value)
        case .date(let days): .date(days)
        case .timestamp(let microseconds): .timestamp(microseconds)
        case .timestampNTZ(let microseconds): .timestampNtz(microseconds)
        case .time(let nanoseconds, let precision):
            .time(
                .with {
                    $0.nano = nanoseconds
                    $0.precision = Int32(clamping: precision)
                }
            )
        case .calendarInterval(let months, let days, let microseconds):
            .calendarInterval(
                .with {
                    $0.months = months
                    $0.days = days
                    $0.microseconds = microseconds
                }
            )
        case .yearMonthInterval(let months): .yearMonthInterval(months)
        case .dayTimeInterval(let microseconds): .dayTimeInterval(microseconds)
        case .array, .map, .structure: nestedKind
        }
    }

    private var nestedKind: ProtoExpression.Literal.OneOf_LiteralType {
        switch self {
        case .array(let element, let values):
            .array(
                .with {
                    $0.elementType = element.proto
                    $0.elements = values.map(\.literal)
                }
            )
        case .map(let key, let value, let entries):
            .map(
                .with {
                    $0.keyType = key.proto
                    $0.valueType = value.proto
                    $0.keys = entries.map(\.key.literal)
                    $0.values = entries.map(\.value.literal)
                }
            )
        case .structure(let fields, let values):
            .struct(
                .with {
                    $0.structType = SparkDataType.structure(fields).proto
                    $0.elements = values.map(\.literal)
                }
            )
        default: .null(.init())
        }
    }

    /// The value that a literal says, as an observed metric has it; nil for a kind that is not known.
    init?(_ literal: ProtoExpression.Literal) {
        switch literal.literalType {
        case .null(let type): self = .null(SparkDataType(type) ?? .null)
        case .binary(let data): self = .binary([UInt8](data))
        case .boolean(let value): self = .boolean(value)
        case .byte(let value): self = .byte(Int8(truncatingIfNeeded: value))
        case .short(let value): self = .short(Int16(truncatingIfNeeded: value))
        case .integer(let value): self = .integer(value)
        case .long(let value): self = .long(value)
        case .float(let value): self = .float(value)
        case .double(let value): self = .double(value)
        case .decimal(let value):
            self = .decimal(value.value, precision: Int(value.precision), scale: Int(value.scale))
        case .string(let value): self = .string(value)
        case .date(let days): self = .date(days: days)
        case .timestamp(let microseconds): self = .timestamp(microseconds: microseconds)
        case .timestampNtz(let microseconds): self = .timestampNTZ(microseconds: microseconds)
        case .time(let value): self = .time(nanoseconds: value.nano, precision: Int(value.precision))
        case .calendarInterval(let value):
            self = .calendarInterval(months: value.months, days: value.days, microseconds: value.microseconds)
        case .yearMonthInterval(let months): self = .yearMonthInterval(months: months)
        case .dayTimeInterval(let microseconds): self = .dayTimeInterval(microseconds: microseconds)
        case .array, .map, .struct: self.init(nested: literal)
        case nil: return nil
        }
    }

    private init?(nested literal: ProtoExpression.Literal) {
        // Since Spark 4.1 the type may stand beside the values instead of within them.
        let type = literal.hasDataType ? SparkDataType(literal.dataType) : nil
        switch literal.literalType {
        case .array(let value):
            var element = SparkDataType(value.elementType)
            if case .array(let said, _) = type { element = said }
            self = .array(element: element ?? .null, value.elements.compactMap { SparkValue($0) })
        case .map(let value):
            var (keyType, valueType) = (SparkDataType(value.keyType), SparkDataType(value.valueType))
            if case .map(let saidKey, let saidValue, _) = type { (keyType, valueType) = (saidKey, saidValue) }
            let entries = zip(value.keys, value.values).compactMap { key, element -> SparkEntry? in
                guard let key = SparkValue(key), let element = SparkValue(element) else { return nil }
                return SparkEntry(key, element)
            }
            self = .map(key: keyType ?? .null, value: valueType ?? .null, entries)
        case .struct(let value):
            var fields: [SparkField] = []
            if case .structure(let said) = type ?? SparkDataType(value.structType) { fields = said }
            self = .structure(fields, value.elements.compactMap { SparkValue($0) })
        default: return nil
        }
    }
}
