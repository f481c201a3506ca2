import MartletCore

/// Hides values of some columns wherever they would be told.
struct ValueMask {
    /// What stands for a hidden value; a null stays null.
    static let text = JSONValue.string("***")

    /// The columns of the check, in its order.
    let columns: [String]
    /// Lowercased.
    private let masked: Set<String>
    private let showsObserved: Bool

    init(masked: Set<String>, check: Check) {
        self.masked = masked
        columns = check.rule.columns
        showsObserved = !check.rule.observesValues
    }

    /// Whether a column of the check is hidden; of a condition that may be any.
    var isOn: Bool { !masked.isEmpty && (columns.isEmpty || columns.contains(where: isHidden)) }

    /// An unexpected value: a scalar, a list by column, or an object by column.
    func unexpected(_ value: JSONValue) -> JSONValue {
        if masked.isEmpty { return value }
        switch value {
        case .object: return row(value)
        case .array(let values) where columns.count == values.count && columns.count > 1:
            return .array(zip(columns, values).map { isHidden($0) ? Self.hidden($1) : $1 })
        default: return columns.contains(where: isHidden) ? Self.hidden(value) : value
        }
    }

    /// A row by column; what is no object stays.
    func row(_ value: JSONValue) -> JSONValue {
        guard !masked.isEmpty, case .object(let members) = value else { return value }
        return .object(
            Dictionary(members.map { ($0, isHidden($0) ? Self.hidden($1) : $1) }) { first, _ in first }
        )
    }

    /// What a check observed, when that is made of the column's values: numbers of rows stay.
    func observed(_ value: JSONValue) -> JSONValue {
        if masked.isEmpty { return value }
        if columns.isEmpty { return rows(value) }
        guard columns.contains(where: isHidden), !showsObserved else { return value }
        return Self.hiddenValues(value)
    }

    /// Rows anywhere within `value`.
    private func rows(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(rows))
        case .object: row(value)
        default: value
        }
    }

    private func isHidden(_ column: String) -> Bool { masked.contains(column.lowercased()) }

    private static func hidden(_ value: JSONValue) -> JSONValue { value == .null ? .null : text }

    /// Values within lists and objects; the numbers under `count` and the like stay.
    private static func hiddenValues(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(hiddenValues))
        case .object(let members):
            .object(
                Dictionary(
                    members.map {
                        ($0, $0.hasSuffix("count") || $0 == "quantiles" || $0 == "weights" ? $1 : hiddenValues($1))
                    }
                ) { first, _ in first }
            )
        case .null, .bool: value
        default: text
        }
    }
}

extension CheckRule {
    /// Whether what it observes is made of values of the column, not of counts or sums.
    fileprivate var observesValues: Bool {
        switch self {
        case .statistic(_, .minimum, _), .statistic(_, .maximum, _), .statistic(_, .median, _), .distinctValues,
            .mostCommonValue, .quantiles, .divergence:
            true
        default: false
        }
    }
}
