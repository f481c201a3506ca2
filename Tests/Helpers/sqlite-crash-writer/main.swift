// Appends to runs of its own and submits requests for ever, and says on standard output what has been acknowledged: a
// line `<run> <sequence>` for an append, a line `request <number>` for a request. A test kills it and then looks whether
// the store kept the promise.

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
    if sequence == 2 { return .stepsMapped(MappedSteps(steps: [step], items: ["a", "b", "c"])) }
    let attempt = sequence / 2
    let instance = InstanceID(step, attempt % 3)
    if sequence.isMultiple(of: 2) { return .attemptStarted(step: instance, attempt: attempt) }
    let text = String(repeating: "x", count: attempt)
    let dataset = DatasetID(trusted: "written")
    let output = DatasetOutput(
        name: PortName(trusted: "out"),
        dataset: dataset,
        path: text,
        format: nil,
        bytes: attempt
    )
    let outcome = AttemptOutcome(.success, exitCode: 0, values: ["text": .string(text)], outputs: [output])
    return .attemptFinished(AttemptFinished(step: instance, attempt: attempt, outcome: outcome, state: .success))
}

/// One write, so that lines of two lanes never mix.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

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
                say("\(run) \(last)")
            }
        }
    }
    group.addTask {
        while true {
            let now = Timestamp(microseconds: 0)
            let id = try await store.submit(.pause(manifest.pipeline), by: arguments[2], at: now)
            say("request \(id)")
            if id.isMultiple(of: 2) { try await store.answer(request: id, with: .success(true), at: now) }
        }
    }
    try await group.waitForAll()
}
