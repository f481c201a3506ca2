public import MartletCore

/// Hears what checks of runs say of data, such as the keeper of incidents.
public protocol CheckListener: Sendable {
    /// Takes observations; they are kept when this returns. One that was taken before may come again.
    ///
    /// - Throws: ``MartletError`` when they cannot be kept.
    func observe(_ observations: [CheckObservation]) async throws(MartletError)
}

extension IncidentService: CheckListener {}

extension CheckVerdict {
    /// What the verdict of the attempt `launch`, said at `now`, tells of each check, met or not; `manifest` is the hash
    /// of the pipeline's manifest, `willRetry` tells whether the step is tried again.
    func observations(
        of launch: AttemptLaunch,
        manifest: String,
        _ willRetry: Bool,
        at now: Timestamp
    ) -> [CheckObservation] {
        let context = launch.context
        var name: PortName?
        if case .check(let action) = launch.step.action { name = action.data(of: launch.step) }
        let input = launch.step.inputs.first { $0.name == name } ?? launch.step.inputs.first
        guard let dataset = input?.dataset else { return [] }
        let version = data.first { $0.dataset == dataset }
        func observation(_ check: String, _ severity: Severity, passed: Bool, title: String) -> CheckObservation {
            CheckObservation(
                pipeline: context.pipeline,
                dataset: dataset,
                check: "\(suite)/\(check)",
                severity: severity,
                passed: passed,
                at: now,
                run: context.runID,
                step: context.instance,
                partition: context.occasion.partition,
                data: CheckObservation.DataVersion(commit: version?.commit, digest: version?.digest),
                inputs: data,
                code: CodeVersion(manifest: manifest),
                title: title
            )
        }
        let missed = failures.map { failure in
            var told = observation(failure.check, failure.severity, passed: false, title: failure.expected)
            told.expected = failure.expected
            told.observed = failure.observed
            told.unexpectedCount = failure.unexpectedCount
            told.report = path
            told.willRetry = willRetry
            return told
        }
        // What is noted only is in the result; nobody waits for its end.
        return missed + (met ?? []).map { observation($0, .info, passed: true, title: $0) }
    }
}
