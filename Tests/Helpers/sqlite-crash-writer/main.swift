// Appends to runs of its own for ever and says on standard output which appends have been acknowledged, one line
// `<run> <sequence>` each. A test kills it and then looks whether the store kept the promise.

import Foundation
import MartletCore
import MartletSQLite

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    FileHandle.standardError.write(Data("usage: sqlite-crash-writer DATABASE NAME\n".utf8))
    exit(2)
}
let store = try SQLiteRunStore(path: arguments[1])
let step = StepID(trusted: "step")
let manifest = PipelineManifest(
    pipeline: PipelineID(trusted: "crash"),
    steps: [StepManifest(id: step, action: .command(CommandAction(shell: "true")))]
)
try await store.keep(manifest: manifest, hash: "crash")

func event(_ sequence: Int) -> RunEvent {
    if sequence == 1 {
        return .runCreated(
            RunCreated(
                pipeline: manifest.pipeline,
                manifestHash: "crash",
                params: [:],
                program: nil,
                projectRoot: "/",
                martletVersion: "0.1.0",
                slots: 1
            )
        )
    }
    let attempt = sequence / 2
    if sequence.isMultiple(of: 2) { return .attemptStarted(step: step, attempt: attempt) }
    let text = String(repeating: "x", count: attempt)
    let outcome = AttemptOutcome(.failed, exitCode: 1, values: ["text": .string(text)])
    return .attemptFinished(AttemptFinished(step: step, attempt: attempt, outcome: outcome, state: .upForRetry))
}

try await withThrowingTaskGroup { group in
    for lane in 1...4 {
        group.addTask {
            let run = RunID(trusted: "\(arguments[2])-\(lane)")
            var last = 0
            while true {
                // Appends of one to three events, so that a group could be torn in the middle of one.
                let events = (1...(1 + last % 3)).map { offset in
                    let at = Timestamp(microseconds: Int64(last + offset))
                    return RecordedEvent(sequence: last + offset, at: at, event: event(last + offset))
                }
                try await store.append(events, to: run, expecting: last)
                last += events.count
                FileHandle.standardOutput.write(Data("\(run) \(last)\n".utf8))
            }
        }
    }
    try await group.waitForAll()
}
