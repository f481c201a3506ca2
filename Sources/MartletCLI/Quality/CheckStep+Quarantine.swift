import Foundation
import MartletCore
import MartletDuckDB
import MartletQuality
import MartletRuntime

// Rows that are not as expected go to a dataset of their own, with the reasons; the others go on.
extension CheckStep {
    /// Writes both outputs.
    ///
    /// - Returns: how many rows were put aside, and which expectations that the data failed the good rows meet.
    func split(
        _ results: [CheckResult],
        _ spec: QuarantineSpec,
        _ semantics: Semantics,
        _ session: any TableSession
    ) async throws(MartletError) -> (CheckVerdict.Quarantine, Set<Int>) {
        let context = request.context
        guard let good = context.outputs[QuarantineSpec.good.rawValue],
            let bad = context.outputs[QuarantineSpec.bad.rawValue]
        else {
            throw MartletError(.internalFault, "a quarantine has no outputs", remedy: "please report this")
        }
        let flagged = TableOutput(name: "flagged", path: "\(context.workDirectory)/flagged.parquet")
        let parts = try await splitting(results, semantics, session)
        let total = try await session.write(parts.flagged(session.relation), to: flagged)
        // Conditions are worked out once: from here on only the reasons are read.
        let rows = try await engine.open(.files(TableInput(name: "flagged", path: flagged.path)), settings: settings)
        let goodRows = try await rows.write(parts.good(of: rows.relation), to: output(good, QuarantineSpec.good))
        let badRows = try await rows.write(parts.bad(of: rows.relation), to: output(bad, QuarantineSpec.bad))
        unlink(flagged.path)
        guard goodRows + badRows == total else {
            throw MartletError(
                .internalFault,
                "\(total) rows were split into \(goodRows) good and \(badRows) bad ones",
                remedy: "please report this"
            )
        }
        if spec.isExceeded(by: badRows, of: total) {
            throw MartletError(
                .quarantineExceeded,
                "step \(context.step): \(badRows) of \(total) rows would be put aside; allowed is \(spec.text)",
                reason: reasons(results),
                remedy: "look at them in \(bad.path); mend the data, or raise quarantine:"
            )
        }
        return (CheckVerdict.Quarantine(total: total, bad: badRows), try await mended(results, by: good, semantics))
    }

    /// The checks of single rows, as SQL.
    private func splitting(
        _ results: [CheckResult],
        _ semantics: Semantics,
        _ session: any TableSession
    ) async throws(MartletError) -> QuarantineSplit {
        let predicates = try await RowPredicates.predicates(
            checks: results.map(\.check),
            session: session,
            semantics: semantics
        )
        var reasons: [QuarantineSplit.Reason] = []
        for (result, predicate) in zip(results, predicates) {
            // One that could not be made says nothing of any row, and nor does one that is only noted.
            guard let predicate, result.outcome.failure == nil, result.expectation.severity > Severity.info else {
                continue
            }
            reasons.append(
                QuarantineSplit.Reason(
                    check: result.name,
                    columns: result.check.rule.columns,
                    unexpected: predicate.unexpected
                )
            )
        }
        if reasons.isEmpty {
            throw MartletError(
                .quarantineImpossible,
                "step \(request.context.step): no expectation of the suite is about single rows",
                remedy: "remove quarantine:, or add an expectation of a column's values"
            )
        }
        return QuarantineSplit(
            reasons: reasons,
            columns: session.columns,
            masked: Set(request.check.masked),
            run: request.context.runID.rawValue
        )
    }

    /// The expectations that failed, and hold for the good rows: those of single rows do, others are tried again.
    private func mended(
        _ results: [CheckResult],
        by good: StepContextDocument.Dataset,
        _ semantics: Semantics
    ) async throws(MartletError) -> Set<Int> {
        let failed = results.filter { !$0.outcome.success && $0.outcome.failure == nil }
        if failed.isEmpty { return [] }
        let input = TableInput(name: request.data.rawValue, path: good.path, format: good.format ?? .parquet)
        let session = try await engine.open(.files(input), settings: settings)
        let outcomes = try await QualityRun(session: session)
            .outcomes(failed.map(\.check), semantics: semantics, format: ResultFormat(level: .booleanOnly))
        return Set(zip(failed, outcomes).filter { $0.1.success }.map(\.0.check.index))
    }

    private func output(_ dataset: StepContextDocument.Dataset, _ name: PortName) -> TableOutput {
        TableOutput(name: name.rawValue, path: dataset.path, format: dataset.format ?? .parquet)
    }

    private func reasons(_ results: [CheckResult]) -> String {
        let failed = results.filter { !$0.outcome.success }.prefix(3)
        let masked = Set(request.check.masked)
        return failed.map { "\($0.name): \($0.observedText(masked: masked))" }.joined(separator: "\n")
    }
}
