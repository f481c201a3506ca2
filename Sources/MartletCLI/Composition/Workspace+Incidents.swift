import Foundation
import MartletCore
import MartletQuality
import MartletRuntime

extension Workspace {
    /// What the project wants of its incidents: without a word in the project file, a line in the log of alerts.
    var incidentPolicy: IncidentPolicy {
        var policy = project.incidents ?? IncidentPolicy()
        if policy.routes.isEmpty { policy.routes = [IncidentPolicy.Route(notify: [IncidentService.projectLog])] }
        return policy
    }

    /// The service that keeps the project's incidents and tells people of them.
    ///
    /// - Parameters:
    ///   - store: the project's state.
    ///   - say: tells people a line of each alert.
    /// - Returns: the service; it reads the project's pipelines when it needs them.
    func incidents(store: any StateStore, say: @escaping @Sendable (String) -> Void = { _ in }) -> IncidentService {
        let environment = ProcessInfo.processInfo.environment
        let receivers = ProjectReceivers(
            layout: layout,
            environment: environment,
            resolver: settingsResolver(over: store),
            time: SystemTime()
        )
        let log = LogNotifier(path: layout.alerts, say: say)
        let project = project
        return IncidentService(
            IncidentService.Dependencies(
                store: store,
                receivers: Dictionary(
                    uniqueKeysWithValues: project.notifiers.map { name, spec in
                        (name, receivers.notifier(name, spec) ?? ProjectLogNotifier())
                    }
                ),
                log: log,
                time: SystemTime(),
                clock: ContinuousClock(),
                pipelines: { () async throws(MartletError) in try await Self.pipelines(of: project, store) }
            ),
            planner: IncidentPlanner(policy: incidentPolicy, map: DatasetMap(), project: project.project),
            layout: layout
        )
    }

    /// The pipelines of the project's files, and those that the scheduler knows from programs.
    private static func pipelines(
        of project: ProjectFile,
        _ store: any StateStore
    ) async throws(MartletError) -> [PipelineManifest] {
        var manifests = PipelineFolder(project).read().pipelines.map(\.manifest)
        let known = Set(manifests.map(\.pipeline))
        for record in try await store.pipelines() where !known.contains(record.pipeline) {
            if let manifest = try await store.manifest(hash: record.manifestHash) { manifests.append(manifest) }
        }
        return manifests
    }
}
