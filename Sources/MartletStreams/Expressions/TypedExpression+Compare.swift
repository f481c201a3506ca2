import MartletCore

extension TypedExpression {
    /// Compares two columns of one type; null where either is.
    static func compare(
        _ left: StreamColumn,
        _ comparison: StreamExpression.Comparison,
        _ right: StreamColumn,
        _ rows: Int
    ) -> StreamColumn {
        var truths = [Bool](repeating: false, count: rows)
        switch (left.storage, right.storage) {
        case (.integers(let first), .integers(let second)), (.timestamps(let first), .timestamps(let second)):
            for row in 0..<rows {
                truths[row] = comparison.holds(first[row] < second[row], first[row] == second[row])
            }
        case (.doubles(let first), .doubles(let second)):
            for row in 0..<rows {
                let isEqual = FloatOrder.isEqual(first[row], second[row])
                truths[row] = comparison.holds(FloatOrder.isLess(first[row], second[row]), isEqual)
            }
        case (.booleans(let first), .booleans(let second)):
            for row in 0..<rows {
                truths[row] = comparison.holds(!first[row] && second[row], first[row] == second[row])
            }
        case (.texts(let first), .texts(let second)):
            for row in 0..<rows {
                let isEqual = first.isEqual(row, to: row, of: second)
                let isLess = comparison.needsOrder && !isEqual && first.isLess(row, than: row, of: second)
                truths[row] = comparison.holds(isLess, isEqual)
            }
        default: return StreamColumn(.booleans(truths), validity: [Bool](repeating: false, count: rows))
        }
        var validity = left.validity ?? right.validity
        if let first = left.validity, let second = right.validity { validity = zip(first, second).map { $0 && $1 } }
        return StreamColumn(.booleans(truths), validity: validity)
    }
}

extension StreamExpression.Comparison {
    /// Whether it holds for operands that are so ordered.
    @inline(__always)
    func holds(_ isLess: Bool, _ isEqual: Bool) -> Bool {
        switch self {
        case .equal: isEqual
        case .notEqual: !isEqual
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .greater: !isLess && !isEqual
        case .greaterOrEqual: !isLess
        }
    }

    var needsOrder: Bool { self != .equal && self != .notEqual }
}
