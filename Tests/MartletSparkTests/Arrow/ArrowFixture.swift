import Foundation
import MartletCore
import Testing

@testable import MartletSpark

/// A stream of Tests/Fixtures/arrow, which pyarrow or Spark wrote, and what is in it.
struct ArrowFixture {
    let bytes: [UInt8]
    let expected: Expected

    struct Expected: Decodable {
        var types: [String]
        var names: [String]
        /// Batches of columns of rows.
        var batches: [[[JSONValue]]]
    }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Fixtures/arrow")

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).arrow")))
    }

    static func save(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: folder.appendingPathComponent("\(name).arrow"))
    }

    static func text(_ file: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(file)), as: UTF8.self)
    }

    init(_ name: String) throws {
        bytes = try Self.bytes(name)
        expected = try JSONText.decode(Expected.self, from: Self.text("\(name).json"))
    }

    static let names = [
        "flat", "nested", "sliced", "nested-sliced", "zero-rows", "nested-zero-rows", "no-batches", "no-columns",
        "many",
        "many-zstd", "many-lz4", "nested-zstd",
    ]
}

extension ArrowType {
    /// The type as pyarrow spells it.
    var pyarrow: String {
        func unit(_ unit: ArrowTimeUnit) -> String { ["s", "ms", "us", "ns"][unit.rawValue] }
        switch self {
        case .null: return "null"
        case .boolean: return "bool"
        case .integer(let bits, let isSigned): return "\(isSigned ? "" : "u")int\(bits)"
        case .float: return "float"
        case .double: return "double"
        case .decimal(let precision, let scale): return "decimal128(\(precision), \(scale))"
        case .utf8(let isLarge): return isLarge ? "large_string" : "string"
        case .binary(let isLarge): return isLarge ? "large_binary" : "binary"
        case .date: return "date32[day]"
        case .dateMilliseconds: return "date64[ms]"
        case .time(let precision): return "time\(width == 4 ? 32 : 64)[\(unit(precision))]"
        case .timestamp(let precision, nil): return "timestamp[\(unit(precision))]"
        case .timestamp(let precision, let zone?): return "timestamp[\(unit(precision)), tz=\(zone)]"
        case .duration(let precision): return "duration[\(unit(precision))]"
        case .interval(.monthDayNano): return "month_day_nano_interval"
        case .interval(.yearMonth): return "month_interval"
        case .interval(.dayTime): return "day_time_interval"
        case .list(let element, let isLarge):
            return "\(isLarge ? "large_" : "")list<\(element.name): \(element.type.pyarrow)>"
        case .structure(let members):
            return "struct<\(members.map { "\($0.name): \($0.type.pyarrow)" }.joined(separator: ", "))>"
        case .map(let key, let value, _, _): return "map<\(key.type.pyarrow), \(value.type.pyarrow)>"
        }
    }
}

extension ArrowValue {
    /// The value as make_fixtures.py writes it.
    var plain: JSONValue {
        switch self {
        case .null: .null
        case .boolean(let value): .bool(value)
        case .integer(let value): .integer(Int(value))
        case .unsigned(let value): .number(Double(value))
        // As numbers, since Python and Swift write them in different ways.
        case .float(let value): .number(Double(value))
        case .double(let value): .number(value)
        case .decimal(let value, let scale): .string(ArrowText.decimal(value, scale: scale))
        case .text(let value): .string(value)
        case .binary(let bytes): .string(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        case .date(let days): .integer(Int(days))
        case .time(let value, _), .timestamp(let value, _, _), .duration(let value, _): .integer(Int(value))
        case .interval(let months, let days, let nanoseconds):
            .array([.integer(Int(months)), .integer(Int(days)), .integer(Int(nanoseconds))])
        case .months(let months): .integer(Int(months))
        case .list(let values): .array(values.map(\.plain))
        case .structure(let members):
            .object(Dictionary(members.map { ($0.name, $0.value.plain) }) { first, _ in first })
        case .map(let entries): .array(entries.map { .array([$0.key.plain, $0.value.plain]) })
        }
    }

    /// Whether the value is what pyarrow says it is.
    func matches(_ expected: JSONValue) -> Bool {
        switch (self, expected) {
        case (.float(let value), .string(let text)):
            Double(text).map { $0 == Double(value) && $0.sign == value.sign } ?? false
        case (.double(let value), .string(let text)): Double(text).map { $0 == value && $0.sign == value.sign } ?? false
        case (.list(let values), .array(let parts)):
            values.count == parts.count && zip(values, parts).allSatisfy { $0.matches($1) }
        case (.map(let entries), .array(let parts)):
            entries.count == parts.count
                && zip(entries, parts).allSatisfy { entry, part in
                    guard case .array(let pair) = part, pair.count == 2 else { return false }
                    return entry.key.matches(pair[0]) && entry.value.matches(pair[1])
                }
        case (.structure(let members), .object(let parts)):
            members.count == parts.count && members.allSatisfy { $0.value.matches(parts[$0.name] ?? .bool(false)) }
        case (.decimal(let value, let scale), .string(let text)):
            // Python writes small decimals with an exponent.
            ArrowText.decimal(value, scale: scale) == text
                || Decimal(string: ArrowText.decimal(value, scale: scale)) == Decimal(string: text)
        // What stands for the days of a date of 64 bits is milliseconds.
        case (.date(let days), .integer(let value)): days == value || days * 86_400_000 == value
        default: plain == expected
        }
    }
}
