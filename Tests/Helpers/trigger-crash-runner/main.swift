// Scores the events of a topic with a shell program until it is killed, or until the end of the topic. A test kills it
// again and again, and then looks whether each event has one answer.

import Foundation
import MartletCore
import MartletKafka
import MartletRuntime

let arguments = CommandLine.arguments
guard arguments.count == 7 else {
    FileHandle.standardError.write(
        Data("usage: trigger-crash-runner SERVERS INPUT OUTPUT GROUP forever|end PROGRAM\n".utf8)
    )
    exit(2)
}
let library = try KafkaLibrary.load(environment: ProcessInfo.processInfo.environment)
let client = try KafkaStreamClient(library, KafkaConfiguration(bootstrapServers: arguments[1]))
var options = EventTriggerOptions(
    topic: arguments[2],
    group: arguments[4],
    output: arguments[3],
    model: "m1",
    // A member that is known by name is let in again at once, without waiting for the end of its former life.
    instance: "only",
    until: arguments[5] == "end" ? .end : .forever
)
options.batchRecords = 16
options.commitInterval = .milliseconds(5)
options.backoff = .milliseconds(1)
let program = ProcessScorer.Program(
    shell: arguments[6],
    environment: ProcessInfo.processInfo.environment,
    directory: "/"
)
let scorer = ProcessScorer(program)
let trigger = try EventTrigger(options, client: client, scorer: scorer, clock: ContinuousClock())
let status = try await trigger.run()
await scorer.close()
print("answers \(status.answers) failures \(status.failures)")
