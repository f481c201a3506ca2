import ArgumentParser
import Dispatch
import Foundation

/// Runs one attempt of one Swift step; `martlet` calls it.
struct StepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Run one attempt of a Swift step; called by martlet.",
        discussion: """
            The context comes in a frame on the descriptors that MARTLET_FRAMES names, or in the file that \
            MARTLET_CONTEXT names; messages go back as frames, or as lines of the file that MARTLET_MESSAGES names.
            Exit codes: 0 done, 1 failed, 99 skipped, 143 ended on request, 2 started wrongly.
            """
    )

    @Argument(help: "The pipeline's name.")
    var pipeline: String

    @Argument(help: "The step's id.")
    var step: String

    func run() async throws {
        let pipeline = try AppCommand.catalog.pipeline(pipeline)
        let step = StepID(trusted: step)
        // A runner that is gone must not kill the step in the middle of its work.
        signal(SIGPIPE, SIG_IGN)
        let connection = try StepConnection.open(environment: ProcessInfo.processInfo.environment)
        let runner = StepRunner(pipeline: pipeline) { connection.send($0) }
        let attempt = Task { await runner.run(step, in: connection.document) }
        let source = Self.onTermination { attempt.cancel() }
        let exit = await attempt.value
        source.cancel()
        throw ExitCode(exit.rawValue)
    }

    /// Calls `action` when the process is asked to end, instead of ending it at once.
    private static func onTermination(_ action: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(SIGTERM, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler(handler: action)
        source.activate()
        return source
    }
}
