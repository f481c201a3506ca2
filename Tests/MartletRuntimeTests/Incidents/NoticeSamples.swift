import MartletCore
import MartletQuality
import MartletTestKit

/// Alerts as the planner makes them.
enum NoticeSamples {
    static let now = Timestamp(seconds: 1_767_225_600)
    static let receiver = NotifierID(trusted: "chat")

    static func failure(
        _ check: String = "unique(id)",
        dataset: String = "flights/raw",
        severity: Severity = .critical,
        observed: String = "3 of 10 are not"
    ) -> CheckObservation {
        CheckObservation(
            pipeline: PipelineID(trusted: "etl"),
            dataset: DatasetID(trusted: dataset),
            check: check,
            severity: severity,
            passed: false,
            at: now,
            run: RunID(trusted: "etl-1"),
            data: CheckObservation.DataVersion(commit: .zero),
            title: "values of id are unique",
            expected: "all unique",
            observed: observed,
            unexpectedCount: 3,
            elementCount: 10,
            samples: ["7", "<8> & \"9\""]
        )
    }

    /// What is told of these failures, and of their end.
    static func alerts(_ failures: [CheckObservation]) throws -> (trigger: Alert, resolved: Alert) {
        let planner = IncidentPlanner(
            policy: IncidentPolicy(
                routes: [IncidentPolicy.Route(notify: [receiver])],
                runbooks: [IncidentPolicy.Runbook(address: "https://example.com/runbook")]
            ),
            map: DatasetMap(),
            project: "flights"
        )
        var book = IncidentBook()
        func apply(_ change: IncidentChange) -> [Alert] {
            book.revision += 1
            for incident in change.incidents { book.incidents[incident.fingerprint] = incident }
            for group in change.groups { book.groups[group.key] = group }
            for check in change.checks { book.checks[check.fingerprint] = check }
            return change.deliveries.map(\.alert)
        }
        _ = apply(try planner.observe(failures, book, at: now))
        let trigger = apply(try planner.advance(book, at: now + .seconds(1), isClosing: true))
        let passes = failures.map { failure in
            var pass = failure
            pass.passed = true
            pass.at = now + .seconds(60)
            return pass
        }
        _ = apply(try planner.observe(passes, book, at: now + .seconds(60)))
        let resolved = apply(try planner.advance(book, at: now + .seconds(61), isClosing: true))
        guard let first = trigger.first, let last = resolved.first else { throw Missing() }
        return (first, last)
    }

    struct Missing: Error {}

    static let plain = Alert(
        id: "run_failed/etl-1",
        kind: .runFailed,
        at: now,
        text: "run etl-1 failed: step load failed",
        pipeline: PipelineID(trusted: "etl"),
        run: RunID(trusted: "etl-1"),
        error: MartletError(.exitCode, "it ended with exit code 1")
    )
}

extension JSONValue {
    /// The elements of an array; none for any other value.
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
}
