public import MartletCore

/// Compares two tables.
///
/// Each side is read for itself in two passes, which tell what its values are; where those are too many, one more pass
/// per side counts them over bins that the reference chose.
public struct DriftDetector: Sendable {
    /// When a difference is drift.
    public var rule: DriftRule
    /// Columns that are not compared.
    public var ignored: Set<String>
    /// Columns that together are a key, for each key.
    public var keys: [[String]]
    /// The share of the reference's keys that the data has to keep; nil only reports.
    public var leastKept: Double?

    /// A detector.
    public init(
        rule: DriftRule = DriftRule(),
        ignored: Set<String> = [],
        keys: [[String]] = [],
        leastKept: Double? = nil
    ) {
        self.rule = rule
        self.ignored = ignored
        self.keys = keys
        self.leastKept = leastKept
    }

    /// Reads both tables and decides.
    ///
    /// - Parameters:
    ///   - reference: what is compared with.
    ///   - data: what is compared.
    ///   - names: what the report calls both.
    /// - Returns: the report.
    /// - Throws: `.driftReferenceEmpty` when the reference has no rows, `.profileColumnUnknown` for a key that is no
    ///   column; else as `TableSession.query(_:)` does.
    public func compare(
        reference: any TableSession,
        data: any TableSession,
        names: (reference: String, data: String)
    ) async throws(MartletError) -> DriftDocument {
        let keyColumns = try keys.map { key throws(MartletError) in
            (left: try Self.find(key, reference, names.reference), right: try Self.find(key, data, names.data))
        }
        for name in ignored where !(reference.columns + data.columns).contains(where: { $0.name == name }) {
            throw Self.unknown(name, reference.columns + data.columns, "either side")
        }
        let columns = DriftColumns(reference: reference.columns, data: data.columns, ignoring: ignored)
        var compared = columns.pairs
        var notes: [String] = []
        if compared.count > Limits.profiledColumns {
            notes.append("only the first \(Limits.profiledColumns) of \(compared.count) columns are compared")
            compared = Array(compared.prefix(Limits.profiledColumns))
        }
        let scans = (left: TableScan(reference), right: TableScan(data))
        let left = try await scans.left.summary(of: compared.map(\.reference))
        guard left.rowCount > 0 else {
            throw MartletError(
                .driftReferenceEmpty,
                "the reference has no rows: \(names.reference)",
                reason: "without a reference nothing can be said about drift",
                remedy: "name data with rows after --reference"
            )
        }
        let right = try await scans.right.summary(of: compared.map(\.data))
        notes += left.notes.map { "reference: \($0)" } + right.notes.map { "data: \($0)" }

        let evidence = try await evidence(left, right, scans, &notes)
        let verdicts = rule.decide(evidence.flatMap(\.self))
        var place = 0
        let report = zip(left.columns, evidence).map { column, aspects in
            let own = Array(verdicts[place..<place + aspects.count])
            place += aspects.count
            return ColumnDrift(
                name: column.column.name,
                kind: column.column.kind.rawValue,
                drifted: own.contains(where: \.alarm),
                aspects: own
            )
        }
        var keyDrifts: [KeyDrift] = []
        for key in keyColumns {
            keyDrifts.append(
                try await KeyComparison(left: scans.left, right: scans.right, columns: key)
                    .drift(rows: max(left.rowCount, right.rowCount), leastKept: leastKept)
            )
        }
        let isEmptied = right.rowCount == 0
        if isEmptied { notes.append("the data has no rows, which is drift: \(names.data)") }
        return DriftDocument(
            reference: DriftSide(source: names.reference, rowCount: left.rowCount),
            data: DriftSide(source: names.data, rowCount: right.rowCount),
            drifted: isEmptied || report.contains(where: \.drifted) || columns.changes.contains(where: \.alarm)
                || keyDrifts.contains(where: \.alarm),
            rule: rule,
            tests: verdicts.count { $0.pValue != nil },
            columns: report,
            schema: columns.changes,
            keys: keyDrifts,
            notes: notes
        )
    }

    /// What is counted of each column.
    private func evidence(
        _ left: TableSummary,
        _ right: TableSummary,
        _ scans: (left: TableScan, right: TableScan),
        _ notes: inout [String]
    ) async throws(MartletError) -> [[DriftEvidence]] {
        let plans = zip(left.columns, right.columns).map { reference, data in
            DriftPlan.plans(reference, data, bins: rule.bins)
        }
        // All bins of all columns in one pass per side.
        var requests: (left: [BinRequest], right: [BinRequest]) = ([], [])
        for plan in plans.joined() {
            if let request = plan.referenceRequest { requests.left.append(request) }
            if let request = plan.dataRequest { requests.right.append(request) }
        }
        var counts = (
            left: try await scans.left.bins(requests.left)[...], right: try await scans.right.bins(requests.right)[...]
        )
        return zip(zip(left.columns, right.columns), plans).map { sides, plans in
            let values = plans.map { plan in
                plan.evidence(
                    reference: plan.referenceRequest == nil ? nil : counts.left.popFirst(),
                    data: plan.dataRequest == nil ? nil : counts.right.popFirst()
                )
            }
            return values + DriftEvidence.shares(sides.0, sides.1)
        }
    }

    private static func find(
        _ names: [String],
        _ session: any TableSession,
        _ source: String
    ) throws(MartletError) -> [TableColumn] {
        try names.map { name throws(MartletError) in
            guard
                let column = session.columns.first(where: { $0.name == name })
                    ?? session.columns.first(where: { $0.name.lowercased() == name.lowercased() })
            else { throw unknown(name, session.columns, source) }
            return column
        }
    }

    private static func unknown(_ name: String, _ columns: [TableColumn], _ source: String) -> MartletError {
        MartletError(
            .profileColumnUnknown,
            "\"\(name)\" is not a column of \(source)",
            remedy: NearestName.of(name, among: columns.map(\.name)).map { "did you mean \"\($0)\"?" }
                ?? "name one of its columns"
        )
    }
}

extension DriftEvidence {
    /// The shares of rows without a value, and of numbers that are not finite.
    ///
    /// A share that is 0 on both sides is no comparison, which keeps the others' p-values from being adjusted for it.
    static func shares(_ reference: ColumnSummary, _ data: ColumnSummary) -> [DriftEvidence] {
        func evidence(
            _ aspect: DriftAspect,
            _ kind: DriftBin.Kind,
            _ label: String,
            _ counts: (Int, Int),
            of: (Int, Int)
        )
            -> DriftEvidence?
        {
            guard counts.0 + counts.1 > 0 else { return nil }
            return DriftEvidence(
                aspect: aspect,
                bins: [
                    DriftBin(
                        kind: .values,
                        label: aspect == .missing ? "with a value" : "finite",
                        reference: of.0 - counts.0,
                        data: of.1 - counts.1
                    ),
                    DriftBin(kind: kind, label: label, reference: counts.0, data: counts.1),
                ]
            )
        }
        return [
            evidence(
                .missing,
                .null,
                "null",
                (reference.nullCount, data.nullCount),
                of: (reference.rowCount, data.rowCount)
            ),
            evidence(
                .notFinite,
                .notFinite,
                "not finite",
                (reference.notFiniteCount, data.notFiniteCount),
                of: (reference.valueCount, data.valueCount)
            ),
        ].compactMap(\.self)
    }
}

extension ColumnSummary {
    /// Numbers that are not a number, or infinite.
    var notFiniteCount: Int { valueCount - finiteCount }
}
