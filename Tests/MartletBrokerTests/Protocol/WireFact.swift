import Foundation

@testable import MartletBroker

/// A value without its type, to compare structures with what a peer says is in them.
enum WireFact: Hashable, Sendable {
    case null
    case flag(Bool)
    case number(Int64)
    case text(String)
    case list([WireFact])
    /// The fields by their names in small letters.
    case fields([String: WireFact])

    /// What `value` consists of; bytes become hexadecimal text, as in the fixtures.
    init(of value: Any) {
        switch value {
        case let value as Int32: self = .number(Int64(value))
        case let value as Int64: self = .number(value)
        case let value as Int16: self = .number(Int64(value))
        case let value as Int8: self = .number(Int64(value))
        case let value as String: self = .text(value)
        case let value as Bool: self = .flag(value)
        case let value as KafkaError: self = .number(Int64(value.rawValue))
        // An empty array of anything is one of bytes as well, unless asked for its very type.
        case let bytes as [UInt8] where type(of: value) == [UInt8].self: self = .text(WireBytes.hex(bytes))
        case let value as ArraySlice<UInt8>: self = .text(WireBytes.hex(value))
        case let value as WireRecords: self = .text(WireBytes.hex(WireBytes.joined([value])))
        case let value as TopicID: self = .text(Self.uuid(value))
        default: self = .init(parts: Mirror(reflecting: value))
        }
    }

    private init(parts mirror: Mirror) {
        switch mirror.displayStyle {
        case .optional: self = mirror.children.first.map { WireFact(of: $0.value) } ?? .null
        case .collection: self = .list(mirror.children.map { WireFact(of: $0.value) })
        default:
            let named = mirror.children.map { (($0.label ?? "").lowercased(), WireFact(of: $0.value)) }
            self = .fields(Dictionary(uniqueKeysWithValues: named))
        }
    }

    private static func uuid(_ id: TopicID) -> String {
        let digits = Array(
            WireBytes.hex([id.high, id.low].flatMap { word in withUnsafeBytes(of: word.bigEndian, Array.init) })
        )
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        return groups.joined(separator: "-")
    }

    /// What a field has in versions without it, where that is not zero, -1 or nothing.
    private static let defaults: [String: WireFact] = [
        "allowautotopiccreation": .flag(true), "endpointtype": .number(1), "replicaid": .number(-2),
        "authorizedoperations": .number(Int64(Int32.min)), "topicauthorizedoperations": .number(Int64(Int32.min)),
        "clusterauthorizedoperations": .number(Int64(Int32.min)),
    ]
    private static let nothing: Set<WireFact> = [
        .null, .flag(false), .number(0), .number(-1), .text(""), .text(uuid(.zero)), .list([]),
    ]

    /// Where this differs from what a peer says; nil when it does not.
    ///
    /// Fields that the peer does not have in this version must have their default.
    func difference(from expected: WireFact, at path: String = "") -> String? {
        switch (self, expected) {
        case (.fields(let fields), .fields(let others)):
            let others = Dictionary(uniqueKeysWithValues: others.map { ($0.key.lowercased(), $0.value) })
            for (name, other) in others {
                guard let field = fields[name] else { return "\(path).\(name) is missing" }
                if let difference = field.difference(from: other, at: "\(path).\(name)") { return difference }
            }
            for (name, field) in fields where others[name] == nil {
                let isDefault = Self.defaults[name].map { $0 == field } ?? Self.nothing.contains(field)
                guard isDefault else { return "\(path).\(name) is \(field), which the version does not have" }
            }
            return nil
        case (.list(let elements), .list(let others)) where elements.count == others.count:
            for (index, element) in elements.enumerated() {
                if let difference = element.difference(from: others[index], at: "\(path)[\(index)]") {
                    return difference
                }
            }
            return nil
        default: return self == expected ? nil : "\(path) is \(self), not \(expected)"
        }
    }

    /// How much memory the elements of all arrays, the strings and the bytes need at least.
    static func heldBytes(_ value: Any) -> Int {
        switch value {
        case let value as String: return value.utf8.count
        case let value as [UInt8]: return value.count
        case is ArraySlice<UInt8>, is WireRecords: return 0
        default:
            let mirror = Mirror(reflecting: value)
            // The largest structure in an array has some hundred bytes.
            let own = mirror.displayStyle == .collection ? mirror.children.count * 128 : 0
            return mirror.children.reduce(own) { $0 + heldBytes($1.value) }
        }
    }
}

extension WireFact {
    /// What `JSONSerialization` has read; quicker by far than a decoder that has to guess each type.
    init(json: Any) {
        switch json {
        case let text as String: self = .text(text)
        case let list as [Any]: self = .list(list.map(WireFact.init(json:)))
        case let fields as [String: Any]: self = .fields(fields.mapValues(WireFact.init(json:)))
        case let number as NSNumber:
            // Only flags are kept as characters.
            self = String(cString: number.objCType) == "c" ? .flag(number.boolValue) : .number(number.int64Value)
        default: self = .null
        }
    }
}
