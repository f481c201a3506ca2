public import MartletCore

/// Proposes a suite from what one or several versions of data are like.
///
/// The rate of false alarms that a person accepts is divided among the proposals that can fail by chance, so that the sum
/// of their rates stays below it.
public struct Suggester: Sendable {
    /// The chance, over the whole suite, that a next version that is like those before fails.
    public var alpha: Double
    /// Whether what never was seen is not tolerated at all; then rates are not bounded.
    public var isStrict: Bool

    /// A suggester.
    public init(alpha: Double = 0.01, isStrict: Bool = false) {
        self.alpha = alpha
        self.isStrict = isStrict
    }

    /// Proposes a suite.
    ///
    /// - Parameters:
    ///   - versions: profiles of versions of one dataset, the oldest first, made with ``Profiler/told`` of at least
    ///     `Limits.suggestedSet`.
    ///   - name: what the suite is called.
    /// - Returns: the suite with its reasons and rates.
    /// - Throws: `.suggestionImpossible` without a version that has rows.
    public func suite(from versions: [ProfileDocument], name: String) throws(MartletError) -> SuggestedSuite {
        let versions = versions.filter { $0.rowCount > 0 }
        guard let last = versions.last else {
            throw MartletError(
                .suggestionImpossible,
                "there is nothing to learn from: no version has rows",
                remedy: "name data with rows"
            )
        }
        var notes: [String] = []
        if versions.count < HistoryBound.fewestVersions {
            notes.append(
                "\(versions.count == 1 ? "one version tells" : "\(versions.count) versions tell") how rows differ, not how"
                    + " versions do: bounds on counts and means are wide; they become narrow from"
                    + " \(HistoryBound.fewestVersions) versions on"
            )
        }
        let columns = last.columns.compactMap { column -> ColumnHistory? in
            let history = versions.compactMap { version in version.columns.first { $0.name == column.name } }
            guard history.count == versions.count else {
                notes.append("\(column.name) is not in every version, and has no expectations")
                return nil
            }
            return ColumnHistory(column.name, history, rows: versions.map(\.rowCount))
        }
        let drafts =
            tableDrafts(versions, columns)
            + columns.flatMap { column in
                column.drafts(
                    isKey: versions.allSatisfy { $0.candidateKeys.contains { $0.columns == [column.name] } },
                    &notes
                )
            }
            + keyDrafts(versions, without: &notes)
        let share = alpha / Double(max(1, drafts.count(where: \.isByChance)))
        var proposals: [Proposal] = []
        for draft in drafts {
            if let proposal = draft.make(share, isStrict) {
                proposals.append(proposal)
            } else if let why = draft.whyNot {
                notes.append(why)
            }
        }
        let total = proposals.reduce(0) { $0 + ($1.falseAlarmRate ?? 0) }
        if isStrict { notes.append("with --strict, rates of false alarms are not bounded") }
        let facts: [String: JSONValue] = [
            "alpha": .number(alpha), "false_alarm_rate": .number(total),
            "versions": .array(versions.map { .string($0.source) }), "notes": .array(notes.map(JSONValue.string)),
        ]
        return SuggestedSuite(
            suite: Suite(
                name: name,
                expectations: proposals.map(\.expectation),
                meta: ["great_expectations_version": "1.24.1", "martlet_suggestion": .object(facts)]
            ),
            proposals: proposals,
            falseAlarmRate: total,
            alpha: alpha,
            notes: notes
        )
    }

    private func tableDrafts(_ versions: [ProfileDocument], _ columns: [ColumnHistory]) -> [Draft] {
        let columnSet = Draft(isByChance: false) { _, _ in
            Proposal(
                "expect_table_columns_to_match_set",
                ["column_set": .array(columns.map { .string($0.name) }), "exact_match": false],
                reason: "every version has these \(columns.count) columns",
                rate: 0,
                method: "structure"
            )
        }
        let counts = versions.map { Double($0.rowCount) }
        let rows = Draft(isByChance: counts.count >= HistoryBound.fewestVersions && !HistoryBound.isTrending(counts)) {
            rate,
            _ in
            func proposal(
                _ low: Double,
                _ high: Double,
                _ reason: String,
                _ rate: Double?,
                _ method: String
            ) -> Proposal {
                Proposal(
                    "expect_table_row_count_to_be_between",
                    [
                        "min_value": .integer(max(1, Int(clamping: low.rounded(.down)))),
                        "max_value": .integer(Int(clamping: high.rounded(.up))),
                    ],
                    reason: reason,
                    rate: rate,
                    method: method,
                    severity: rate == nil ? .warning : .critical
                )
            }
            let least = counts.min() ?? 0
            let greatest = counts.max() ?? 0
            if let bound = HistoryBound(counts, side: .both, rate: rate) {
                return proposal(
                    bound.low,
                    bound.high,
                    "\(counts.count) versions had \(Int(least)) to \(Int(greatest)) rows",
                    rate,
                    bound.method.rawValue
                )
            }
            return proposal(
                least / 10,
                greatest * 10,
                HistoryBound.isTrending(counts)
                    ? "the number of rows only rose or fell; these bounds are ten times as wide as what was seen"
                    : "wide bounds, a tenth and ten times what was seen: so few versions tell nothing more",
                nil,
                "wide"
            )
        }
        return [columnSet, rows]
    }

    /// Pairs of columns that are keys of every version.
    private func keyDrafts(_ versions: [ProfileDocument], without notes: inout [String]) -> [Draft] {
        guard let last = versions.last else { return [] }
        let pairs = last.candidateKeys.filter { key in
            key.columns.count > 1 && versions.allSatisfy { $0.candidateKeys.contains(key) }
        }
        // Where one column is a key, pairs say little; and of several pairs the first has the fewest combinations.
        guard !last.candidateKeys.contains(where: { $0.columns.count == 1 }), let pair = pairs.first else { return [] }
        if pairs.count > 1 { notes.append("of \(pairs.count) pairs of columns that are keys, one is proposed") }
        let rows = versions.map(\.rowCount)
        return [
            Draft(isByChance: true, whyNot: "too few rows to say that \(pair.columns.joined(separator: ", ")) is a key")
            {
                rate,
                isStrict in
                let tolerance = RowTolerance(seen: 0, of: rows.reduce(0, +), next: last.rowCount, rate: rate)
                // Each repetition makes two rows of a kind.
                let mostly = isStrict ? 1 : RowTolerance.mostly(allowed: 2 * tolerance.allowed, next: last.rowCount)
                guard mostly >= Draft.leastMostly else { return nil }
                return Proposal(
                    "expect_compound_columns_to_be_unique",
                    Draft.with(mostly, ["column_list": .array(pair.columns.map(JSONValue.string))]),
                    reason: "in \(rows.reduce(0, +)) rows no two agree in these columns",
                    rate: isStrict ? nil : tolerance.rate,
                    method: "exchangeable rows"
                )
            }
        ]
    }
}

/// A proposal whose share of the rate is not known yet.
struct Draft {
    /// Whether it can fail by chance, and so takes a share.
    var isByChance: Bool
    /// What is said when there is too little data for it.
    var whyNot: String?
    /// Makes the proposal for a rate; nil when there is too little data.
    var make: (_ rate: Double, _ isStrict: Bool) -> Proposal?

    init(isByChance: Bool, whyNot: String? = nil, make: @escaping (_ rate: Double, _ isStrict: Bool) -> Proposal?) {
        self.isByChance = isByChance
        self.whyNot = whyNot
        self.make = make
    }

    /// The least share of rows that is worth an expectation.
    static let leastMostly = 0.8

    /// Arguments with `mostly`, which is left out when it is 1.
    static func with(_ mostly: Double, _ arguments: [String: JSONValue]) -> [String: JSONValue] {
        mostly >= 1 ? arguments : arguments.merging(["mostly": .number(mostly)]) { first, _ in first }
    }
}
