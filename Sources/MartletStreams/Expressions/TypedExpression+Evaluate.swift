import MartletCore

extension TypedExpression {
    /// The values for `rows` records of these columns.
    ///
    /// Arithmetic, comparisons and logic go over whole columns; functions go value by value. Whatever has no result
    /// (a division by zero, an overflow of a whole number, a cast that does not work) is null: a record cannot stop a
    /// stream.
    package func evaluate(_ columns: [StreamColumn], rows: Int) -> StreamColumn {
        switch node {
        case .literal(let value): return StreamColumn(type, repeatElement(value, count: rows))
        case .column(let index): return columns.indices.contains(index) ? columns[index] : nulls(rows)
        case .and(let left, let right):
            return Self.logic(left.evaluate(columns, rows: rows), right.evaluate(columns, rows: rows), deciding: false)
        case .or(let left, let right):
            return Self.logic(left.evaluate(columns, rows: rows), right.evaluate(columns, rows: rows), deciding: true)
        case .not(let inner):
            let column = inner.evaluate(columns, rows: rows)
            guard case .booleans(let truths) = column.storage else { return nulls(rows) }
            return StreamColumn(.booleans(truths.map { !$0 }), validity: column.validity)
        case .isNull(let inner):
            let column = inner.evaluate(columns, rows: rows)
            return StreamColumn(.booleans((0..<rows).map { column.isNull($0) }))
        case .integers(let left, let operation, let right):
            return integers(left.evaluate(columns, rows: rows), operation, right.evaluate(columns, rows: rows), rows)
        case .doubles(let left, let operation, let right):
            return doubles(left.evaluate(columns, rows: rows), operation, right.evaluate(columns, rows: rows), rows)
        case .comparison(let left, let comparison, let right):
            let (first, second) = (left.evaluate(columns, rows: rows), right.evaluate(columns, rows: rows))
            return Self.compare(first, comparison, second, rows)
        case .oneOf(let subject, let list):
            let value = subject.evaluate(columns, rows: rows)
            var found = StreamColumn(.booleans([Bool](repeating: false, count: rows)))
            for part in list {
                let equal = Self.compare(value, .equal, part.evaluate(columns, rows: rows), rows)
                found = Self.logic(found, equal, deciding: true)
            }
            return found
        case .choice(let branches, let otherwise): return choose(branches, otherwise, columns, rows)
        case .cast(let inner, let type):
            let column = inner.evaluate(columns, rows: rows)
            if case .integers(let numbers) = column.storage, type == .double {
                return StreamColumn(.doubles(numbers.map(Double.init)), validity: column.validity)
            }
            return StreamColumn(type, (0..<rows).map { ExpressionCasts.cast(column[$0], to: type) })
        case .call(let function, let arguments):
            let inputs = arguments.map { $0.evaluate(columns, rows: rows) }
            var values = [StreamValue](repeating: .null, count: inputs.count)
            return StreamColumn(
                type,
                (0..<rows).map { row in
                    for index in inputs.indices { values[index] = inputs[index][row] }
                    return function.value(values)
                }
            )
        }
    }

    private func nulls(_ rows: Int) -> StreamColumn { StreamColumn(type, repeatElement(.null, count: rows)) }

    /// `and` and `or` with nulls: the deciding truth wins over a null, a null over the other.
    private static func logic(_ left: StreamColumn, _ right: StreamColumn, deciding: Bool) -> StreamColumn {
        guard case .booleans(let first) = left.storage, case .booleans(let second) = right.storage else { return left }
        if left.validity == nil, right.validity == nil {
            return StreamColumn(.booleans(zip(first, second).map { deciding ? $0 || $1 : $0 && $1 }))
        }
        var truths = [Bool](repeating: !deciding, count: first.count)
        var validity = [Bool](repeating: true, count: first.count)
        for row in first.indices {
            let (isFirstNull, isSecondNull) = (left.isNull(row), right.isNull(row))
            if (!isFirstNull && first[row] == deciding) || (!isSecondNull && second[row] == deciding) {
                truths[row] = deciding
            } else if isFirstNull || isSecondNull {
                validity[row] = false
            }
        }
        return StreamColumn(.booleans(truths), validity: validity.contains(false) ? validity : nil)
    }

    /// Which rows are valid in both.
    private static func both(_ left: [Bool]?, _ right: [Bool]?) -> [Bool]? {
        guard let left, let right else { return left ?? right }
        return zip(left, right).map { $0 && $1 }
    }

    private static func wholeNumbers(_ column: StreamColumn) -> [Int64]? {
        switch column.storage {
        case .integers(let numbers), .timestamps(let numbers): numbers
        default: nil
        }
    }

    private func integers(
        _ left: StreamColumn,
        _ operation: StreamExpression.Arithmetic,
        _ right: StreamColumn,
        _ rows: Int
    ) -> StreamColumn {
        guard let first = Self.wholeNumbers(left), let second = Self.wholeNumbers(right) else { return nulls(rows) }
        var results = [Int64](repeating: 0, count: rows)
        var validity = Self.both(left.validity, right.validity)
        for row in 0..<rows {
            let (low, high) = (first[row], second[row])
            let (result, overflow) =
                switch operation {
                case .add: low.addingReportingOverflow(high)
                case .subtract: low.subtractingReportingOverflow(high)
                case .multiply: low.multipliedReportingOverflow(by: high)
                case .divide, .divideWhole: low.dividedReportingOverflow(by: high)
                case .remainder: low.remainderReportingOverflow(dividingBy: high)
                }
            results[row] = result
            if overflow {
                if validity == nil { validity = [Bool](repeating: true, count: rows) }
                validity?[row] = false
            }
        }
        return StreamColumn(type == .timestamp ? .timestamps(results) : .integers(results), validity: validity)
    }

    private func doubles(
        _ left: StreamColumn,
        _ operation: StreamExpression.Arithmetic,
        _ right: StreamColumn,
        _ rows: Int
    ) -> StreamColumn {
        guard case .doubles(let first) = left.storage, case .doubles(let second) = right.storage else {
            return nulls(rows)
        }
        let validity = Self.both(left.validity, right.validity)
        switch operation {
        case .add: return StreamColumn(.doubles(zip(first, second).map { $0 + $1 }), validity: validity)
        case .subtract: return StreamColumn(.doubles(zip(first, second).map { $0 - $1 }), validity: validity)
        case .multiply: return StreamColumn(.doubles(zip(first, second).map { $0 * $1 }), validity: validity)
        case .divide, .divideWhole, .remainder:
            var valid = validity
            var results = [Double](repeating: 0, count: rows)
            for row in 0..<rows {
                if second[row] == 0 {
                    if valid == nil { valid = [Bool](repeating: true, count: rows) }
                    valid?[row] = false
                } else if operation == .remainder {
                    results[row] = first[row].truncatingRemainder(dividingBy: second[row])
                } else {
                    let quotient = first[row] / second[row]
                    results[row] = operation == .divide ? quotient : quotient.rounded(.towardZero)
                }
            }
            return StreamColumn(.doubles(results), validity: valid)
        }
    }

    private func choose(
        _ branches: [Branch],
        _ otherwise: TypedExpression,
        _ columns: [StreamColumn],
        _ rows: Int
    ) -> StreamColumn {
        // Each record takes the first branch that is true; all are worked out, as none has effects.
        var choice = [Int](repeating: branches.count, count: rows)
        for (index, branch) in branches.enumerated().reversed() {
            let condition = branch.condition.evaluate(columns, rows: rows)
            guard case .booleans(let truths) = condition.storage else { continue }
            for row in 0..<rows where truths[row] && !condition.isNull(row) { choice[row] = index }
        }
        let values = (branches.map(\.value) + [otherwise]).map { $0.evaluate(columns, rows: rows) }
        return StreamColumn(type, (0..<rows).map { values[choice[$0]][$0] })
    }
}
