/// Reads a run and says what to change: all detectors, the simulation, and what is shown beside them.
package enum SparkAdvisor {
    /// The detectors in the order of their numbers.
    package static let detectors: [any FindingDetector] = [
        SkewDetector(), SpillDetector(), GarbageCollectionDetector(), MemoryFitDetector(), TooManyTasksDetector(),
        TooFewTasksDetector(), SmallFilesDetector(), IdleSlotsDetector(), MissedBroadcastDetector(),
        DriverTimeDetector(),
        FailuresDetector(), CrossJoinDetector(), PythonDetector(), ResultsDetector(),
    ]

    /// The findings of a run, the worst first.
    package static func findings(in run: RunProfile) -> [Finding] {
        detectors.flatMap { $0.findings(in: run) }.enumerated()
            .sorted { left, right in
                if left.element.severity != right.element.severity {
                    return left.element.severity > right.element.severity
                }
                let (saved, other) = (left.element.effect?.timeSaved ?? 0, right.element.effect?.timeSaved ?? 0)
                return saved != other ? saved > other : left.offset < right.offset
            }
            .map(\.element)
    }

    /// All that is said about a run.
    package static func advise(
        _ reading: EventLogReader.Reading,
        thresholds: AdviceThresholds = AdviceThresholds()
    ) -> RunAdvice {
        let run = RunProfile(reading.application, thresholds: thresholds)
        return RunAdvice(run, findings: findings(in: run), curve: SimulationCurve(run), notes: reading.notes)
    }
}
