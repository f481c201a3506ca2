import MartletCore

/// Runs queries and takes their answers; finds out which check is to blame when a shared one fails.
struct ScanRunner: Sendable {
    let session: any TableSession
    let scope: CheckScope
    private(set) var planner: ScanPlanner
    private var cardinalities: [String: Int]

    init(session: any TableSession, scope: CheckScope) {
        self.session = session
        self.scope = scope
        cardinalities = Cardinality.known(scope.columns, scope.statistics)
        planner = ScanRunner.planner(scope, cardinalities)
    }

    private static func planner(_ scope: CheckScope, _ cardinalities: [String: Int]) -> ScanPlanner {
        ScanPlanner(
            relation: scope.relation,
            dialect: scope.dialect,
            columns: scope.columnsByName,
            statistics: scope.statistics,
            cardinalities: cardinalities
        )
    }

    /// Finds out from a few rows whether the text columns that `needs` are about have few distinct values.
    ///
    /// - Throws: `.sqlCancelled`.
    mutating func prepare(_ needs: [Need]) async throws(MartletError) {
        try await findBrackets(needs)
        // So few rows are read as soon as their distinct values are counted.
        if let rows = scope.statistics?.rowCount, rows <= Limits.dictionarySampleRows { return }
        let wanted = Cardinality.wanted(needs, scope.columns, known: cardinalities)
        guard !wanted.isEmpty else { return }
        for column in wanted { cardinalities[column] = .max }
        if let row = try await rows(Cardinality.sample(wanted, scope.relation, scope.dialect))?.first {
            let taken = CheckScope.whole(row, 0) ?? 0
            for (index, column) in wanted.enumerated() {
                let distinct = CheckScope.whole(row, index + 1) ?? 0
                cardinalities[column] = Cardinality.estimate(distinct: distinct, rows: taken)
            }
        }
        let brackets = planner.brackets
        planner = ScanRunner.planner(scope, cardinalities)
        planner.brackets = brackets
    }

    private mutating func findBrackets(_ needs: [Need]) async throws(MartletError) {
        let ranks = needs.compactMap { need -> RankNeed? in
            guard case .ranks(let ranks) = need, ranks.count >= ScanPlanner.bracketedCount else { return nil }
            return ranks
        }
        guard !ranks.isEmpty, let sql = planner.bracketSample(ranks) else { return }
        guard let row = try await rows(sql)?.first, row.count == ranks.count else { return }
        for (need, value) in zip(ranks, row) {
            guard case .list(let ends) = value else { continue }
            planner.brackets[need] = ScanPlanner.brackets(need, ends)
        }
    }

    /// The rows of a query that only helps; nil when it fails.
    private func rows(_ sql: String) async throws(MartletError) -> [[SQLValue]]? {
        do {
            return try await session.query(sql).rows
        } catch {
            if error.code == .sqlCancelled { throw error }
            return nil
        }
    }

    /// Runs `scan` and puts what comes of it into `answers`.
    ///
    /// - Throws: `.sqlCancelled`; any other error is the answer of the needs that are to blame.
    func run(_ scan: Scan, into answers: inout Answers) async throws(MartletError) {
        if case .evaluation(let need) = scan.needs.first {
            return try await evaluate(need, scan, into: &answers)
        }
        // Enough to find a few guilty ones among many; when the data itself is broken all of them are.
        var budget = 64
        try await run(scan, into: &answers, budget: &budget)
    }

    private func run(_ scan: Scan, into answers: inout Answers, budget: inout Int) async throws(MartletError) {
        budget -= 1
        let table: SQLTable
        do {
            table = try await session.query(scan.sql)
        } catch {
            if error.code == .sqlCancelled { throw error }
            let parts = budget > 0 ? planner.halves(scan) : []
            guard !parts.isEmpty else {
                for need in scan.needs { answers.set(need, failure: .scanFailed(scan, error)) }
                return try await retry(scan, into: &answers)
            }
            for part in parts { try await run(part, into: &answers, budget: &budget) }
            return
        }
        take(scan, table, into: &answers)
        try await retry(scan, into: &answers)
    }

    /// Counts groups in full where bits alone did not tell, and sorts the ranges that were found to hold places.
    private func retry(_ scan: Scan, into answers: inout Answers) async throws(MartletError) {
        guard scan.kind == .fused else { return }
        for need in scan.needs {
            if case .ranks(let ranks) = need {
                guard case .values(let counts) = try? answers.answer(need, "") else { continue }
                try await run(planner.narrowed(ranks, counts), into: &answers)
            }
            guard case .groups(let groups) = need else { continue }
            if case .groups(let found) = try? answers.answer(need, ""), !groups.countsShared || found.shared != nil {
                continue
            }
            try await run(planner.groups(groups), into: &answers)
        }
    }

    private func take(_ scan: Scan, _ table: SQLTable, into answers: inout Answers) {
        if case .rows = scan.needs.first { return answers.set(scan.needs[0], .table(table)) }
        var row = (table.rows.first ?? [])[...]
        for need in scan.needs {
            switch need {
            case .groups(let groups): answers.set(need, .groups(counted(groups, scan, &row)))
            case .ranks:
                if case .list(let values) = row.popFirst() {
                    answers.set(need, .values(values))
                } else {
                    answers.set(need, .values([]))
                }
            default: answers.set(need, .value(row.popFirst() ?? .null))
            }
        }
    }

    private func counted(_ need: GroupNeed, _ scan: Scan, _ row: inout ArraySlice<SQLValue>) -> Answers.Groups {
        let distinct = CheckScope.whole(Array(row.prefix(1)), 0) ?? 0
        row = row.dropFirst()
        if scan.kind == .fused {
            let known = need.column.flatMap { scope.statistics?.columns[$0]?.nullCount }
            let values = known.flatMap { nulls in scope.statistics.map { $0.rowCount - nulls } }
            return Answers.Groups(distinct: distinct, shared: values == distinct ? 0 : nil)
        }
        guard scan.kind == .dictionary || need.countsShared else {
            return Answers.Groups(distinct: distinct, shared: nil)
        }
        let shared = CheckScope.whole(Array(row.prefix(1)), 0)
        row = row.dropFirst()
        return Answers.Groups(distinct: distinct, shared: shared)
    }
}
