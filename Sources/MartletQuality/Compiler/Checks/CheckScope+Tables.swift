import MartletCore

/// Checks of the table as a whole.
extension CheckScope {
    func table(_ check: Check, _ rule: TableRule) throws(CheckFailure) -> CheckStep {
        let names = columns.map(\.name)
        switch rule {
        case .columnExists(let name, let index):
            let found = names.firstIndex(of: name)
            // An index of 0 reads as none in Great Expectations.
            guard let index, index != 0 else {
                return .done(CheckOutcome(success: found != nil, observation: .nothing))
            }
            return .done(CheckOutcome(success: found == index, observation: .nothing))
        case .columnType(let name, let type): return try typeCheck(check, name, [type], "table.column_types")
        case .columnCount(let bounds): return try count(.integer(Int64(names.count)), bounds, "table.column_count")
        case .columnCountEquals(let value): return .value(names.count == value, .integer(names.count))
        case .columnsMatchOrdered(let wanted): return Self.ordered(names, wanted)
        case .columnsMatchSet(let wanted, let isExact): return Self.matched(names, wanted, isExact: isExact)
        case .rowCount(let bounds):
            let need = rowCount(try rows(check.rows, "table.row_count"))
            return .needs([.scalar(need)]) { (answers) throws(CheckFailure) in
                try self.count(.integer(Int64(answers.count(need, "table.row_count"))), bounds, "table.row_count")
            }
        case .rowCountEquals(let value):
            let need = rowCount(try rows(check.rows, "table.row_count"))
            return .needs([.scalar(need)]) { (answers) throws(CheckFailure) in
                let count = try answers.count(need, "table.row_count")
                return .value(count == value, .integer(count))
            }
        case .rowCountEqualsOtherTable(let other): return try otherTable(check, other)
        }
    }

    private func count(_ value: SQLValue, _ bounds: Bounds, _ metric: String) throws(CheckFailure) -> CheckStep {
        var isWithin = true
        for (bound, isLower, isStrict) in [
            (bounds.minimum, true, bounds.isMinimumStrict), (bounds.maximum, false, bounds.isMaximumStrict),
        ] {
            guard let bound, bound != .null else { continue }
            guard let order = Self.compare(value, bound) else {
                throw invalid("a count cannot be compared with \(bound.jsonText)", remedy: "give a number", metric)
            }
            isWithin = isWithin && (order == 0 ? !isStrict : (order > 0) == isLower)
        }
        return .value(isWithin, ValueJSON.json(value))
    }

    private func otherTable(_ check: Check, _ other: String) throws(CheckFailure) -> CheckStep {
        let mine = rowCount(try rows(check.rows, "table.row_count"))
        let theirs = RowsNeed(sql: "SELECT count(*) FROM \(dialect.identifier(other))", purpose: "the rows of \(other)")
        return .needs([.scalar(mine), .rows(theirs)]) { (answers) throws(CheckFailure) in
            let own = try answers.count(mine, "table.row_count")
            let count = Self.whole(try answers.table(theirs, "table.row_count(\(other))").rows.first ?? [], 0) ?? 0
            return .value(own == count, .object(["self": .integer(own), "other": .integer(count)]))
        }
    }

    private static func ordered(_ names: [String], _ wanted: [String]) -> CheckStep {
        let observed = JSONValue.array(names.map { .string($0) })
        guard names != wanted else { return .value(true, observed) }
        let mismatched = (0..<max(names.count, wanted.count)).compactMap { index -> JSONValue? in
            let expected = index < wanted.count ? wanted[index] : nil
            let found = index < names.count ? names[index] : nil
            guard expected != found else { return nil }
            return .object([
                "Expected Column Position": .integer(index), "Expected": expected.map { .string($0) } ?? .null,
                "Found": found.map { .string($0) } ?? .null,
            ])
        }
        return .value(false, observed, details: ["mismatched": .array(mismatched)])
    }

    private static func matched(_ names: [String], _ wanted: [String], isExact: Bool) -> CheckStep {
        let observed = JSONValue.array(names.sorted().map { .string($0) })
        let unexpected = Set(names).subtracting(wanted).sorted()
        let missing = Set(wanted).subtracting(names).sorted()
        if unexpected.isEmpty, missing.isEmpty { return .value(true, observed) }
        var mismatched: [String: JSONValue] = [:]
        if !unexpected.isEmpty { mismatched["unexpected"] = .array(unexpected.map { .string($0) }) }
        if !missing.isEmpty { mismatched["missing"] = .array(missing.map { .string($0) }) }
        let isMet = missing.isEmpty && (unexpected.isEmpty || !isExact)
        return .value(isMet, observed, details: ["mismatched": .object(mismatched)])
    }
}
