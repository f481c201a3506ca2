import MartletCore

/// One SELECT of aggregates over a whole table, and where its answers are.
struct ScanQuery {
    private(set) var expressions: [String] = []
    private var places: [String: Int] = [:]

    /// Asks for an aggregate; one that was asked for before is not asked for twice.
    ///
    /// - Returns: the place of the answer.
    mutating func add(_ expression: String) -> Int {
        if let place = places[expression] { return place }
        places[expression] = expressions.count
        expressions.append(expression)
        return expressions.count - 1
    }

    func sql(from relation: String, where condition: String? = nil) -> String {
        "SELECT " + expressions.joined(separator: ",\n") + "\nFROM \(relation)"
            + (condition.map { "\nWHERE \($0)" } ?? "")
    }
}

extension SQLValue {
    /// A count, which engines give in integers of several widths.
    var count: Int? {
        switch self {
        case .integer(let value): Int(value)
        case .wideInteger(let digits): Int(digits)
        case .double(let value): Int(exactly: value.rounded())
        case .decimal(let digits): Double(digits).flatMap { Int(exactly: $0.rounded()) }
        default: nil
        }
    }

    /// A number; nil for what is none.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .wideInteger(let digits), .decimal(let digits): Double(digits)
        case .double(let value): value
        default: nil
        }
    }

    /// The elements of a list; empty for what is none.
    var elements: [SQLValue] {
        if case .list(let elements) = self { elements } else { [] }
    }

    /// The entries of a list of keys and values.
    var entries: [(key: SQLValue, value: SQLValue)] {
        elements.compactMap { element in
            guard case .structure(let members) = element, members.count == 2 else { return nil }
            return (members[0].value, members[1].value)
        }
    }
}
