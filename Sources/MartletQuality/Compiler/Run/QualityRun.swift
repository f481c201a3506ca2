public import MartletCore

/// Makes checks on an open table.
public struct QualityRun: Sendable {
    let session: any TableSession
    let custom: [String: CustomExpectation]

    /// Checks on the table of `session`, with closures by the types of the expectations they serve.
    public init(session: any TableSession, custom: [String: CustomExpectation] = [:]) {
        self.session = session
        self.custom = custom
    }

    /// What comes of each of `checks`, in their order.
    ///
    /// A check that cannot be made does not keep the others from being made: its outcome tells why.
    ///
    /// - Parameters:
    ///   - checks: what is checked.
    ///   - semantics: whose rules decide where engines disagree.
    ///   - format: how much is told.
    ///   - progress: is called with the share of the queries known so far that is done, 0...1.
    /// - Returns: as many outcomes as checks.
    /// - Throws: `.sqlCancelled` when interrupted, `.sqlInputUnreadable` when the files are broken altogether.
    public func outcomes(
        _ checks: [Check],
        semantics: Semantics = .sql,
        format: ResultFormat = ResultFormat(),
        progress: ((Double) -> Void)? = nil
    ) async throws(MartletError) -> [CheckOutcome] {
        let scope = try await scope(semantics, format)
        var board = CheckBoard(scope: scope, steps: checks.map(scope.step))
        var runner = ScanRunner(session: session, scope: scope)
        var finished = 0
        while true {
            let needs = board.advance()
            guard !needs.isEmpty else { break }
            // First what reads no rows, as what comes after it may share the scans of the rest.
            var scans = runner.planner.scans(needs.filter(\.isProbe))
            if scans.isEmpty {
                try await runner.prepare(needs)
                scans = runner.planner.scans(needs)
            }
            for (index, scan) in scans.enumerated() {
                try await runner.run(scan, into: &board.answers)
                progress?(Double(finished + index + 1) / Double(finished + scans.count + 1))
            }
            finished += scans.count
        }
        progress?(1)
        return board.outcomes
    }

    /// How `checks` would be made: what files' statistics answer, and which scan serves which check.
    ///
    /// Reads no rows but a few to see whether text columns have few distinct values.
    ///
    /// - Throws: as ``outcomes(_:semantics:format:progress:)``.
    public func plan(
        _ checks: [Check],
        semantics: Semantics = .sql,
        format: ResultFormat = ResultFormat()
    ) async throws(MartletError) -> QualityPlan {
        let scope = try await scope(semantics, format)
        var board = CheckBoard(scope: scope, steps: checks.map(scope.step))
        var runner = ScanRunner(session: session, scope: scope)
        // Probes cost nothing, and the plan is about what comes after them.
        while true {
            let needs = board.advance()
            let probes = runner.planner.scans(needs.filter(\.isProbe))
            guard !probes.isEmpty else {
                try await runner.prepare(needs)
                break
            }
            for probe in probes { try await runner.run(probe, into: &board.answers) }
        }
        return QualityPlan(checks: checks, board: board, planner: runner.planner)
    }

    private func scope(_ semantics: Semantics, _ format: ResultFormat) async throws(MartletError) -> CheckScope {
        CheckScope(
            columns: session.columns,
            relation: session.relation,
            dialect: session.dialect,
            semantics: semantics,
            format: format,
            statistics: try await session.statistics(),
            custom: custom
        )
    }
}
