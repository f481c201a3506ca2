import Foundation
import MartletCore
import MartletKafka
import MartletRuntime

extension StreamWork {
    /// Has a program answer events.
    func trigger(_ from: StreamAction.Place, _ to: StreamAction.Place) async throws -> Summary {
        guard let trigger = action.trigger, case .topic(let input) = from, case .topic(let output) = to else {
            throw mismatch("a trigger goes from a topic to a topic", "write topic:NAME for both")
        }
        return try await withCluster { cluster in
            let client = try cluster.client()
            var options = EventTriggerOptions(
                topic: input,
                group: name,
                output: output,
                model: trigger.model,
                start: action.start == .earliest ? .earliest : .latest,
                until: action.until == .end ? .end : .forever
            )
            options.batchRecords = trigger.batch
            options.batchDelay = .microseconds(trigger.wait.microseconds)
            options.timeout = .microseconds(trigger.timeout.microseconds)
            let program = ProcessScorer.Program(
                shell: trigger.command,
                environment: ProcessInfo.processInfo.environment,
                directory: folder
            )
            let scorer = ProcessScorer(program) { Output.talk(DisplayText.line($0)) }
            let work = try EventTrigger(
                options,
                client: client,
                scorer: scorer,
                clock: ContinuousClock(),
                observer: observer
            )
            do {
                let status = try await withTaskCancellationHandler {
                    try await work.run()
                } onCancel: {
                    work.stop()
                }
                await scorer.close()
                return Summary(
                    records: Int64(status.events),
                    results: Int64(status.answers),
                    rejected: status.failures > 0 ? ["failed": Int64(status.failures)] : [:],
                    isAtEnd: status.ending == .end
                )
            } catch {
                await scorer.close()
                throw error
            }
        }
    }
}
