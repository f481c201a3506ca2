public import MartletCore

/// Decides whether data may go on, by what came of a suite's checks and how bad each failure is.
public struct Gate: Hashable, Sendable {
    /// A failure of this severity or a worse one blocks; nil blocks nothing.
    public var blocks: Severity?
    /// Columns whose values are not told.
    public var masked: Set<String>

    /// A gate that is closed by failures of `blocks` and worse.
    ///
    /// Values of columns in `masked` are not told.
    public init(blocks: Severity? = .critical, masked: Set<String> = []) {
        self.blocks = blocks
        self.masked = masked
    }

    /// What the results come to.
    ///
    /// - Parameters:
    ///   - results: every expectation of the suite with its outcome.
    ///   - suite: the suite's name.
    ///   - quarantine: how many rows were put aside, within its limits; nil when none can be.
    ///   - mended: the places in the suite of expectations that failed, but hold without the rows put aside.
    ///   - describe: says what an expectation expects, in a sentence.
    /// - Returns: the verdict, its failures sorted by severity.
    public func verdict(
        on results: [CheckResult],
        suite: String,
        quarantine: CheckVerdict.Quarantine? = nil,
        mended: Set<Int> = [],
        describe: (CheckResult) -> String
    ) -> CheckVerdict {
        let failed = results.filter { !$0.outcome.success }
        var state = CheckVerdict.State.passed
        if (quarantine?.bad ?? 0) > 0 { state = .warned }
        for result in failed {
            let severity = result.expectation.severity
            if !mended.contains(result.check.index), let blocks, severity >= blocks {
                state = .failed
            } else if state == .passed, severity >= .warning {
                state = .warned
            }
        }
        let worst = failed.sorted {
            ($1.expectation.severity, $0.check.index) < ($0.expectation.severity, $1.check.index)
        }
        let failures = worst.prefix(Limits.verdictFailures).map { result in
            // What is settled by putting rows aside wakes nobody.
            let severity = result.expectation.severity
            let isMended = mended.contains(result.check.index)
            return failure(result, isMended ? min(severity, .warning) : severity, describe(result))
        }
        let met = results.filter(\.outcome.success).map(\.name)
        return CheckVerdict(
            suite: suite,
            state: state,
            evaluated: results.count,
            successful: results.count - failed.count,
            failures: failures,
            met: met,
            quarantine: quarantine
        )
    }

    private func failure(_ result: CheckResult, _ severity: Severity, _ expected: String) -> CheckVerdict.Failure {
        CheckVerdict.Failure(
            check: result.name,
            type: result.check.type,
            column: result.check.rule.columns.count == 1 ? result.check.rule.columns[0] : nil,
            severity: severity,
            expected: expected,
            observed: result.observedText(masked: masked),
            unexpectedCount: result.unexpectedCount
        )
    }
}

extension CheckResult {
    /// Rows or values that are not as expected; nil where they are not counted.
    var unexpectedCount: Int? {
        if case .counts(let counts) = outcome.observation { counts.unexpectedCount } else { nil }
    }
}
