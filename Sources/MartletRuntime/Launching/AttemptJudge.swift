import MartletCore

/// Makes an outcome of how a process ended and what it said.
struct AttemptJudge {
    let launch: AttemptLaunch
    let layout: AttemptLayout
    /// Where the process started; paths that it told start from there.
    let directory: String

    func outcome(_ end: ProcessEnd, _ said: AttemptReport.Content) -> AttemptOutcome {
        var outcome = verdict(end, said)
        outcome.exitCode = end.exitCode
        outcome.signal = end.signal
        outcome.metrics = said.metrics
        outcome.values = said.values
        outcome.verdict = said.verdict
        return outcome
    }

    private func verdict(_ end: ProcessEnd, _ said: AttemptReport.Content) -> AttemptOutcome {
        let step = launch.step.id
        switch end.cause {
        case .cancelled:
            return AttemptOutcome(.cancelled, error: MartletError(.runCancelled, "step \(step) was cancelled"))
        case .timeout:
            let limit = Duration.seconds(launch.step.timeoutSeconds ?? 0).shortText
            return AttemptOutcome(
                .timedOut,
                error: MartletError(
                    .attemptTimedOut,
                    "step \(step) ran longer than its timeout of \(limit)",
                    reason: lastOutput(end),
                    remedy: "raise timeout:, or find out what it waits for"
                )
            )
        case .silence:
            let limit = Duration.seconds(launch.step.heartbeatSeconds ?? 0).shortText
            return AttemptOutcome(
                .failed,
                error: MartletError(
                    .heartbeatLost,
                    "step \(step) gave no sign of life for \(limit)",
                    reason: lastOutput(end),
                    remedy: "find out what it waits for; let it report progress, or raise heartbeat:"
                )
            )
        case .itself:
            break
        }
        if let failure = said.failure { return AttemptOutcome(.failed, error: failure.error, retryable: failure.retry) }
        if let signal = end.signal {
            return AttemptOutcome(
                .failed,
                error: MartletError(
                    .exitSignal,
                    "step \(step) was ended by signal \(signal) (\(signalName(signal)))",
                    reason: lastOutput(end),
                    remedy: signal == 9 ? "was it out of memory? see the kernel's log" : "see the log: \(layout.log)"
                )
            )
        }
        let code = end.exitCode ?? 0
        // Who says that it skips has skipped, by 0 or by the code that Swift steps end with.
        if launch.step.skipExitCodes.contains(code) || (said.skipReason != nil && [0, 99].contains(code)) {
            return AttemptOutcome(.skipped, error: said.skipReason.map { MartletError(.stepSkipped, $0) })
        }
        guard code == 0 else {
            return AttemptOutcome(
                .failed,
                error: MartletError(
                    .exitCode,
                    "step \(step) ended with exit code \(code)",
                    reason: lastOutput(end),
                    remedy: code == 127
                        ? "a program in it was not found; see the log: \(layout.log)" : "see the log: \(layout.log)"
                )
            )
        }
        return success(said)
    }

    private func success(_ said: AttemptReport.Content) -> AttemptOutcome {
        if let refused = said.refused.first {
            return failed(.valueMissing, refused, "keep values small and few")
        }
        if let verdict = said.verdict, verdict.state == .failed {
            let missed = verdict.evaluated - verdict.successful
            return failed(
                .checkFailed,
                "step \(launch.step.id): the data does not meet \(missed) of \(verdict.evaluated) expectations of "
                    + verdict.suite,
                "see the log: \(layout.log)"
            )
        }
        for name in launch.step.values ?? [] where said.values[name.rawValue] == nil {
            return failed(
                .valueMissing,
                "step \(launch.step.id) did not report its value \(name)",
                "append {\"type\":\"value\",\"name\":\"\(name)\",\"value\":...} to $MARTLET_MESSAGES"
            )
        }
        var outputs: [DatasetOutput] = []
        for spec in launch.step.outputs {
            let asked = launch.context.outputs[spec.name.rawValue]?.path ?? ""
            let told = said.outputs[spec.name.rawValue] ?? asked
            let path = told.hasPrefix("/") ? told : "\(directory)/\(told)"
            guard let bytes = FileSystem.size(of: path) else {
                return failed(
                    .outputMissing,
                    "step \(launch.step.id) succeeded but did not write its output \(spec.name)",
                    "write it to $MARTLET_OUTPUT_\(spec.name.environmentSuffix) (\(asked))"
                )
            }
            outputs.append(
                DatasetOutput(name: spec.name, dataset: spec.dataset, path: path, format: spec.format, bytes: bytes)
            )
        }
        return AttemptOutcome(.success, outputs: outputs)
    }

    private func failed(_ code: ErrorCode, _ message: String, _ remedy: String) -> AttemptOutcome {
        AttemptOutcome(.failed, error: MartletError(code, message, remedy: remedy))
    }

    private func lastOutput(_ end: ProcessEnd) -> String? {
        end.lastOutput.isEmpty ? nil : "the last it printed:\n\(end.lastOutput)"
    }

    private func signalName(_ signal: Int) -> String {
        [
            1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
            11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
        ][signal] ?? "signal"
    }
}
