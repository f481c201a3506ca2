import ArgumentParser
import Foundation
import MartletCore
import MartletDuckDB
import MartletQuality
import MartletRuntime

/// `martlet run-check-step`: the process of a check.
///
/// Not for people; the runner starts it and speaks frames to it, as to `run-sql-step`.
struct CheckStepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run-check-step", shouldDisplay: false)

    func run() async throws {
        let link = try RunnerLink()
        let request = try JSONText.decode(CheckStepRequest.self, from: Data(link.receive()))
        do throws(MartletError) {
            let environment = ProcessInfo.processInfo.environment
            let step = CheckStep(
                request,
                engine: DuckDBTables(environment: environment, endsWithProcess: true),
                now: SystemTime().now
            )
            let verdict = try await step.run { fraction in
                link.send(.progress(StepProgress(done: fraction, total: 1)))
            }
            for line in CheckVerdictText(verdict).lines { Output.talk(line) }
            for (name, value) in verdict.metrics { link.send(.metric(name: name, value: value)) }
            link.send(.verdict(verdict))
            if let error = verdict.error(of: request.context.step) { throw error }
        } catch {
            Output.talk(error.description)
            // The same suite over the same data says the same; only a lack of resources may pass.
            link.send(.failure(error: error, retry: error.code == .sqlFailed || error.code == .sqlEngineUnusable))
            throw CommandFailure.silent(ExitStatus.workFailed)
        }
    }
}

extension CheckVerdict {
    /// What the log of a run keeps of it as numbers.
    fileprivate var metrics: [(String, Double)] {
        var metrics = [
            ("expectations", Double(evaluated)), ("expectations_met", Double(successful)),
        ]
        if let quarantine {
            metrics.append(("rows_in.data", Double(quarantine.total)))
            metrics.append(("rows_out.good", Double(quarantine.total - quarantine.bad)))
            metrics.append(("rows_out.bad", Double(quarantine.bad)))
        }
        return metrics
    }

    /// Why the step has failed; nil when it has not.
    fileprivate func error(of step: StepID) -> MartletError? {
        if state != .failed { return nil }
        let shown = failures.prefix(3).map { "\($0.expected): \($0.observed)" }
        let rest = evaluated - successful - shown.count
        return MartletError(
            .checkFailed,
            "step \(step): the data does not meet \(evaluated - successful) of \(evaluated) expectations of \(suite)",
            reason: (shown + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n"),
            remedy: path.map { "see \($0); mend the data, or the suite if it is wrong" }
        )
    }
}
