import MartletCore

/// One column over the versions of its data.
struct ColumnHistory {
    let name: String
    /// The oldest first.
    let versions: [ColumnProfile]
    /// Rows of each version.
    let rows: [Int]
    let latest: ColumnProfile

    init?(_ name: String, _ versions: [ColumnProfile], rows: [Int]) {
        guard let latest = versions.last else { return nil }
        self.name = name
        self.versions = versions
        self.rows = rows
        self.latest = latest
    }

    /// Values of all versions.
    var values: Int { zip(rows, versions).reduce(0) { $0 + $1.0 - $1.1.nullCount } }
    /// Values of the latest version, which the next one is taken to have as many of.
    var nextValues: Int { (rows.last ?? 0) - latest.nullCount }
    var nextRows: Int { rows.last ?? 0 }
    var kind: TableColumn.Kind? { TableColumn.Kind(rawValue: latest.kind) }
    /// Whether the kind is the same in all versions.
    var isSteady: Bool { versions.allSatisfy { $0.kind == latest.kind } }

    /// What is proposed of the column.
    func drafts(isKey: Bool, _ notes: inout [String]) -> [Draft] {
        var drafts = [type, missing].compactMap(\.self)
        guard values > 0, nextValues > 0 else {
            notes.append("\(name) has no values, and only its type is proposed")
            return drafts
        }
        guard isSteady else {
            notes.append("\(name) is not of one kind in all versions, and only its type and nulls are proposed")
            return drafts
        }
        if isKey { drafts.append(unique) }
        let set = isKey ? nil : self.set
        if let set {
            drafts.append(set)
        } else if !isKey {
            drafts += [range(&notes), mean].compactMap(\.self)
        }
        // A set of texts says more than their lengths and patterns.
        if set == nil { drafts += [lengths, pattern].compactMap(\.self) }
        return drafts
    }

    private var type: Draft? {
        let types = versions.reduce(into: [String]()) { if !$0.contains($1.type) { $0.append($1.type) } }
        return Draft(isByChance: false) { _, _ in
            Proposal(
                "expect_column_values_to_be_in_type_list",
                ["column": .string(name), "type_list": .array(types.map(JSONValue.string))],
                reason: "the type in \(versions.count == 1 ? "the one version" : "all \(versions.count) versions")",
                rate: 0,
                method: "structure"
            )
        }
    }

    private var missing: Draft? {
        let nulls = versions.reduce(0) { $0 + $1.nullCount }
        let total = rows.reduce(0, +)
        // A column that is mostly empty is no reason for an expectation.
        guard nulls * 2 < total else { return nil }
        return Draft(isByChance: true, whyNot: "too few rows to bound the nulls of \(name)") { rate, isStrict in
            let tolerance = RowTolerance(seen: nulls, of: total, next: nextRows, rate: rate)
            var mostly = isStrict && nulls == 0 ? 1 : RowTolerance.mostly(allowed: tolerance.allowed, next: nextRows)
            var method = "exchangeable rows"
            var reason =
                nulls == 0
                ? "no null in \(total) rows: with 95 % confidence fewer than \(percent(3 / Double(total))) are null"
                    + " (rule of three)"
                : "\(percent(Double(nulls) / Double(total))) of \(total) rows are null"
            // Versions may differ by more than rows drawn one by one would.
            let shares = zip(rows, versions).map { Double($1.nullCount) / Double($0) }
            if nulls > 0, let bound = HistoryBound(shares, side: .upper, rate: rate), 1 - bound.high < mostly {
                mostly = max(0, ((1 - bound.high) * 1e6).rounded(.down) / 1e6)
                method = bound.method.rawValue
                reason += ", by version up to \(percent(shares.max() ?? 0))"
            }
            guard mostly >= (nulls == 0 ? Draft.leastMostly : 0.3) else { return nil }
            return Proposal(
                "expect_column_values_to_not_be_null",
                Draft.with(mostly, ["column": .string(name)]),
                reason: reason,
                rate: isStrict && nulls == 0 ? nil : method == "exchangeable rows" ? tolerance.rate : rate,
                method: method
            )
        }
    }

    private var unique: Draft {
        Draft(isByChance: true, whyNot: "too few rows to say that \(name) is a key") { rate, isStrict in
            let tolerance = RowTolerance(seen: 0, of: values, next: nextValues, rate: rate)
            // Each repetition makes two values that are not unique.
            let mostly = isStrict ? 1 : RowTolerance.mostly(allowed: 2 * tolerance.allowed, next: nextValues)
            guard mostly >= Draft.leastMostly else { return nil }
            return Proposal(
                "expect_column_values_to_be_unique",
                Draft.with(mostly, ["column": .string(name)]),
                reason: "a candidate key: none of \(values) values occurs twice in its version",
                rate: isStrict ? nil : tolerance.rate,
                method: "exchangeable rows"
            )
        }
    }
}

/// `0.0123` as `1.23 %`, with three digits.
func percent(_ share: Double) -> String {
    let value = share * 100
    guard value > 0 else { return "0 %" }
    var scale = 1.0
    while value * scale < 100, scale < 1e9 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return (rounded == rounded.rounded() && rounded < 1e6 ? "\(Int(rounded))" : "\(rounded)") + " %"
}
