extension RowTable {
    /// How a table differs from the one that was expected.
    public struct Difference: Hashable, Sendable {
        /// Expected columns that it does not have.
        public var missingColumns: [String] = []
        /// Columns it has that were not expected.
        public var otherColumns: [String] = []
        /// Expected rows that it does not have.
        public var missing: [[String]] = []
        /// Rows it has that were not expected.
        public var others: [[String]] = []

        /// Whether there is no difference.
        public var isEmpty: Bool {
            missingColumns.isEmpty && otherColumns.isEmpty && missing.isEmpty && others.isEmpty
        }
    }

    /// The expected rows that are not among this table's; only the columns of `expected` are compared.
    ///
    /// A row that is expected twice must be there twice.
    public func missing(_ expected: RowTable) -> Difference {
        var difference = Difference()
        difference.missingColumns = expected.columns.filter { !columns.contains($0) }
        if !difference.missingColumns.isEmpty { return difference }
        difference.missing = Self.subtract(rows(of: expected.columns), from: expected.rows)
        return difference
    }

    /// How this table differs from `expected`; neither the order of rows nor that of columns counts.
    public func difference(from expected: RowTable) -> Difference {
        var difference = missing(expected)
        difference.otherColumns = columns.filter { !expected.columns.contains($0) }
        if !difference.missingColumns.isEmpty || !difference.otherColumns.isEmpty { return difference }
        difference.others = Self.subtract(expected.rows, from: rows(of: expected.columns))
        return difference
    }

    /// The values of these columns, row by row.
    private func rows(of wanted: [String]) -> [[String]] {
        let places = wanted.map { columns.firstIndex(of: $0) }
        return rows.map { row in places.map { $0.map { row[$0] } ?? "" } }
    }

    /// Those of `rows` that are left when each of `others` has taken away one that is equal to it.
    private static func subtract(_ others: [[String]], from rows: [[String]]) -> [[String]] {
        var counts: [[String]: Int] = [:]
        for row in others { counts[row.map(canonical), default: 0] += 1 }
        return rows.filter { row in
            let key = row.map(canonical)
            guard let count = counts[key], count > 0 else { return true }
            counts[key] = count - 1
            return false
        }
    }

    /// One text for all the ways to write a number: `1`, `1.0` and `1e0` are equal.
    static func canonical(_ text: String) -> String {
        guard let first = text.utf8.first, first == 43 || first == 45 || first == 46 || (48...57).contains(first),
            let number = Double(text), number.isFinite
        else { return text }
        // Digits beyond a double's are compared as they are written.
        if text.utf8.count > 17 { return text }
        return number == 0 ? "0.0" : "\(number)"
    }
}
