import Foundation
import Glibc
import MartletCore
import MartletRuntime

/// Follows an execution on the terminal to its end, whichever command started it.
struct RunSession {
    let workspace: Workspace
    let store: any RunStore
    /// Keeps the steps of the run that wait.
    let waits: WaitService
    let json: Bool
    let quiet: Bool

    func follow(_ execution: RunExecution) async throws {
        Self.raiseDescriptorLimit()
        let signals = SignalWatch { name in execution.cancel(reason: name) }
        defer { withExtendedLifetime(signals) {} }
        let waiting = Task { await waits.run() }
        defer { waiting.cancel() }
        let projection = try await observe(execution)
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
        let ids = execution.manifest.steps.map(\.id)
        guard canDraw, !quiet, let first = execution.recorded.first,
            var start = RunProjection(id: execution.id, first: first, steps: ids)
        else { return try await execution.run(PlainRunView(style: style, quiet: quiet)) }
        for entry in execution.recorded.dropFirst() { start.apply(entry) }
        let view = LiveRunView(start, style: style, time: SystemTime())
        defer { view.end() }
        return try await execution.run(view)
    }
}
