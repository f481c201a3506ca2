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
        // Before the body runs, so that it can never miss the request to end.
        let (requests, source) = await Self.requestsToEnd()
        let attempt = Task { await runner.run(step, in: connection.document) }
        let watch = Task { for await _ in requests { attempt.cancel() } }
        let exit = await attempt.value
        watch.cancel()
        source.cancel()
        throw ExitCode(exit.rawValue)
    }

    /// Makes SIGTERM an element of a stream instead of the end of the process.
    ///
    /// The stream keeps one request: a second says nothing new.
    private static func requestsToEnd() async -> (AsyncStream<Void>, any DispatchSourceSignal) {
        let (requests, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let source = DispatchSource.makeSignalSource(signal: SIGTERM, queue: .global())
        source.setEventHandler { continuation.yield() }
        await withCheckedContinuation { registered in
            source.setRegistrationHandler {
                // Dispatch handles the signal by itself on Linux, and would not see one that is ignored; on Darwin it
                // watches beside the default, which would end the process.
                #if canImport(Darwin)
                    signal(SIGTERM, SIG_IGN)
                #endif
                registered.resume()
            }
            source.activate()
        }
        return (requests, source)
    }
}
