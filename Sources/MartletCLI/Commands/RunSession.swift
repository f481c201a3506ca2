import Foundation
import Glibc
import MartletCore
import MartletRuntime

/// Follows an execution on the terminal to its end, whichever command started it.
struct RunSession {
    let workspace: Workspace
    let store: any StateStore
    /// Keeps the steps of the run that wait.
    let waits: WaitService
    let json: Bool
    let quiet: Bool

    func follow(_ execution: RunExecution) async throws {
        let streams = execution.manifest.usesOwnStreams ? try await EmbeddedLog.start(for: workspace) : nil
        let projection = try await watch(execution)
        try await streams?.stop()
        await tell(projection, execution.manifest)
        await store.close()
        if json {
            Output.result(RunReport.json(projection).jsonText)
        } else {
            let text = RunText(
                projection: projection,
                style: .standardOutput,
                root: workspace.layout.root,
                now: SystemTime().now
            )
            Output.result(text.lines.joined(separator: "\n"))
        }
        if projection.run.state != .success { throw CommandFailure.silent(ExitStatus.workFailed) }
    }

    /// Tells people what is to be told of a run that has ended: that it failed, and what its checks said.
    private func tell(_ projection: RunProjection, _ manifest: PipelineManifest) async {
        let incidents = workspace.incidents(store: store) { [quiet] in if !quiet { Output.talk(DisplayText.line($0)) } }
        let say: @Sendable (MartletError) -> Void = { Output.talk("incidents: \($0.message)") }
        let run = projection.run
        let names = manifest.policy.notifyOnFailure.map(NotifierID.init(trusted:))
        if run.state == .failed, !names.isEmpty {
            do throws(MartletError) {
                try await incidents.send(
                    .runFailed(run, at: SystemTime().now),
                    to: names + [IncidentService.projectLog]
                )
            } catch {
                say(error)
            }
        }
        await incidents.flush(report: say)
    }

    /// Executes the run to its end, and shows how it goes; prints no result.
    func watch(_ execution: RunExecution) async throws(MartletError) -> RunProjection {
        Self.raiseDescriptorLimit()
        let signals = SignalWatch { name in execution.cancel(reason: name) }
        defer { withExtendedLifetime(signals) {} }
        let waiting = Task { await waits.run() }
        defer { waiting.cancel() }
        return try await observe(execution)
    }

    /// Each running step needs a few descriptors; shells often start programs with far fewer than the system allows.
    static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 65_536))
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private func observe(_ execution: RunExecution) async throws(MartletError) -> RunProjection {
        let style = Style.standardError
        let environment = ProcessInfo.processInfo.environment
        let canDraw = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        guard canDraw, !quiet else { return try await execution.run(PlainRunView(style: style, quiet: quiet)) }
        let view = LiveRunView(execution.projection, style: style, time: SystemTime())
        defer { view.end() }
        return try await execution.run(view)
    }
}

extension PipelineManifest {
    /// Whether a step works with topics of the project's own log server.
    var usesOwnStreams: Bool {
        steps.contains { step in
            guard case .stream(let action) = step.action, action.broker == nil else { return false }
            return [action.from, action.to].contains { $0.hasPrefix("topic:") }
        }
    }
}
