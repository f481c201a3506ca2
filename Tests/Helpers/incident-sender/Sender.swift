import Foundation
import MartletCore
import MartletQuality
import MartletRuntime
import MartletSQLite

/// Takes news of checks for a project, and tells an Alertmanager or a webhook: for tests with real ones.
///
///     incident-sender PROJECT alertmanager|webhook URL fail|warn|pass CHECK...
///     incident-sender PROJECT alertmanager|webhook URL keep CHECK...     keeps failures, and is killed before it tells
///     incident-sender PROJECT alertmanager|webhook URL loop SECONDS      tells for so long, as `martlet up` does
@main
struct Sender {
    static func main() async throws {
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count >= 4 else {
            print("usage: incident-sender PROJECT alertmanager|webhook URL fail|warn|pass|keep|loop WORD...")
            exit(2)
        }
        let layout = ProjectLayout(root: words[0])
        let store = try SQLiteRunStore(path: "\(words[0])/state.db")
        let service = try service(words[1], words[2], layout, store)
        let rest = Array(words[4...])
        switch words[3] {
        case "loop":
            let work = Task { await service.run() }
            try await Task.sleep(for: .seconds(Double(rest.first ?? "1") ?? 1))
            work.cancel()
            await work.value
        case "keep":
            try await service.observe(rest.map { observation($0, .critical, passed: false) })
            kill(getpid(), SIGKILL)
        default:
            let severity: Severity = words[3] == "warn" ? .warning : .critical
            try await service.observe(rest.map { observation($0, severity, passed: words[3] == "pass") })
            await service.flush { print("error: \($0)") }
        }
        await store.close()
    }

    private static func service(
        _ kind: String,
        _ url: String,
        _ layout: ProjectLayout,
        _ store: SQLiteRunStore
    ) throws -> IncidentService {
        let name = NotifierID(trusted: "receiver")
        let receivers = ProjectReceivers(
            layout: layout,
            environment: ProcessInfo.processInfo.environment,
            resolver: nil,
            time: SystemTime()
        )
        let spec: ReceiverSpec =
            kind == "webhook"
            ? .webhook(WebhookSpec(url: try SettingText(url), format: .alertmanager))
            : .alertmanager(AlertmanagerSpec(url: try SettingText(url), labels: ["team": "data"]))
        let log = LogNotifier(path: layout.alerts)
        return IncidentService(
            IncidentService.Dependencies(
                store: store,
                receivers: [name: receivers.notifier(name, .receiver(spec)) ?? log],
                log: log,
                time: SystemTime(),
                clock: ContinuousClock()
            ),
            planner: IncidentPlanner(
                policy: IncidentPolicy(
                    routes: [IncidentPolicy.Route(notify: [name])],
                    groupWait: .seconds(1),
                    groupInterval: .seconds(1),
                    runbooks: [IncidentPolicy.Runbook(address: "https://example.com/runbook")]
                ),
                map: DatasetMap(),
                project: "peers"
            ),
            layout: layout
        )
    }

    private static func observation(_ check: String, _ severity: Severity, passed: Bool) -> CheckObservation {
        CheckObservation(
            pipeline: PipelineID(trusted: "etl"),
            dataset: DatasetID(trusted: "flights/raw"),
            check: check,
            severity: severity,
            passed: passed,
            at: SystemTime().now,
            run: RunID(trusted: "etl-1"),
            title: "\(check) holds",
            expected: "it holds",
            observed: passed ? "it does" : "it does not, in \"quotes\" & <brackets>",
            samples: ["1", "日本"]
        )
    }
}
