public import OrderedCollections

/// A value in a file of DVC, typed as Python types it.
///
/// Texts are equal when their bytes are: paths that look alike may be different files.
public indirect enum DVCValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// The decimal digits of an integer beyond 64 bits.
    case bigInteger(String)
    case number(Double)
    /// A date or time, as it is written.
    case timestamp(String)
    case text(String)
    case list([DVCValue])
    case map(OrderedDictionary<DVCValue, DVCValue>)
}

extension DVCValue {
    /// A mapping with texts as keys, in this order.
    public static func map(_ entries: [(String, DVCValue)]) -> DVCValue {
        var map: OrderedDictionary<DVCValue, DVCValue> = [:]
        for (key, value) in entries { map[.text(key)] = value }
        return .map(map)
    }

    /// A mapping without entries.
    public static let emptyMap = DVCValue.map(OrderedDictionary())

    /// The text, when it is one.
    public var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The truth value, when it is one.
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// The integer, when it is one of 64 bits.
    public var integer: Int? { if case .integer(let value) = self { value } else { nil } }

    /// The elements, when it is a list.
    public var list: [DVCValue]? { if case .list(let list) = self { list } else { nil } }

    /// The entries, when it is a mapping.
    public var map: OrderedDictionary<DVCValue, DVCValue>? { if case .map(let map) = self { map } else { nil } }

    /// The value under a key; setting nil removes it, and setting in anything but a mapping does nothing.
    public subscript(key: String) -> DVCValue? {
        get { map?[.text(key)] }
        set {
            guard case .map(var map) = self else { return }
            self = .null
            map[.text(key)] = newValue
            self = .map(map)
        }
    }

    /// Whether Python takes it for false: null, false, zero, empty.
    public var isFalsy: Bool {
        switch self {
        case .null: true
        case .boolean(let value): !value
        case .integer(let value): value == 0
        case .number(let value): value == 0
        case .text(let text): text.isEmpty
        case .list(let list): list.isEmpty
        case .map(let map): map.isEmpty
        case .bigInteger, .timestamp: false
        }
    }
}

extension DVCValue: Hashable {
    /// Whether both are of one type and have the same bytes; entries of mappings may stand in any order, as in Python.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
        case (.bigInteger(let left), .bigInteger(let right)), (.timestamp(let left), .timestamp(let right)):
            left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)):
            left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
        default: false
        }
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .boolean(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .text(let text), .bigInteger(let text), .timestamp(let text):
            for byte in text.utf8 { hasher.combine(byte) }
        case .list(let list): hasher.combine(list)
        case .map(let map): hasher.combine(map.count)
        }
    }
}
