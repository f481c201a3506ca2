import MartletCore
import MartletQuality
import Testing

@Suite("Gates")
struct GateTests {
    private func result(_ index: Int, _ severity: Severity, success: Bool, column: String = "x") -> CheckResult {
        let rule = CheckRule.values(column: column, .notNull)
        let counts = RowCounts(elementCount: 1_000, missingCount: nil, unexpectedCount: success ? 0 : 12)
        return CheckResult(
            expectation: Expectation(type: "expect_column_values_to_not_be_null", severity: severity),
            check: Check(index: index, type: "expect_column_values_to_not_be_null", rule: rule),
            outcome: CheckOutcome(success: success, observation: .counts(counts))
        )
    }

    @Test(
        "let data go on by the worst failure",
        arguments: [
            ([], Severity.critical, CheckVerdict.State.passed), ([.info], .critical, .passed),
            ([.warning], .critical, .warned), ([.info, .warning, .critical], .critical, .failed),
            ([.warning], .warning, .failed), ([.info], .info, .failed), ([.critical], nil, .warned),
        ] as [([Severity], Severity?, CheckVerdict.State)]
    )
    func states(_ failures: [Severity], _ blocks: Severity?, _ state: CheckVerdict.State) {
        let results =
            [result(0, .critical, success: true)]
            + failures.enumerated().map { result($0 + 1, $1, success: false) }
        let verdict = Gate(blocks: blocks).verdict(on: results, suite: "s") { _ in "words" }
        #expect(verdict.state == state)
        #expect(verdict.evaluated == results.count && verdict.successful == 1)
        #expect(verdict.failures.map(\.severity) == failures.sorted(by: >))
        #expect(verdict.met == ["expect_column_values_to_not_be_null(x)"])
    }

    @Test("warn where rows were put aside, and count what that mended as a warning")
    func mended() {
        let results = [result(0, .critical, success: false), result(1, .critical, success: true)]
        let aside = CheckVerdict.Quarantine(total: 1_000, bad: 12)
        let gate = Gate()
        let held = gate.verdict(on: results, suite: "s", quarantine: aside) { _ in "" }
        #expect(held.state == .failed)
        let mended = gate.verdict(on: results, suite: "s", quarantine: aside, mended: [0]) { _ in "" }
        #expect(mended.state == .warned && mended.failures.map(\.severity) == [.warning])
        #expect(mended.failures.first?.observed == "12 of 1000 unexpected (1.2 %)")
    }

    @Test("tell no values of masked columns")
    func masked() {
        var told = result(0, .critical, success: false, column: "Salary")
        told.outcome.observation = .value(.integer(99_000))
        #expect(told.observedText() == "99000")
        #expect(told.observedText(masked: ["salary"]) == "***")
    }

    @Test("limit what is put aside by rows and by share")
    func limits() {
        #expect(!QuarantineSpec().isExceeded(by: 9, of: 9))
        #expect(!QuarantineSpec(share: 0.01).isExceeded(by: 1, of: 100))
        #expect(QuarantineSpec(share: 0.01).isExceeded(by: 2, of: 100))
        #expect(QuarantineSpec(rows: 1, share: 0.5).isExceeded(by: 2, of: 100))
        #expect(QuarantineSpec(rows: 100, share: 0.01).text == "100 rows and 1% of the rows")
    }
}
