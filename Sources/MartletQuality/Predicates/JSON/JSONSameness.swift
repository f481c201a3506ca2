import MartletCore

extension JSONValue {
    /// Whether two values are the same in the sense of JSON Schema: `1` is `1.0`, and `true` is not `1`.
    func isSame(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left == right
        case (.integer, .number), (.number, .integer), (.number, .number): doubleValue == other.doubleValue
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isSame($1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { name, value in right[name].map { value.isSame($0) } ?? false }
        default: self == other
        }
    }
}
