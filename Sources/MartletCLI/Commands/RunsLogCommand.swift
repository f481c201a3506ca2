import ArgumentParser
import Foundation
import Glibc
import MartletCore
import MartletRuntime
import OrderedCollections

/// `martlet runs log`.
struct RunsLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Print what a step's attempt printed."
    )

    @Argument(help: "A run's id, the beginning or end of one, or latest.")
    var run: String

    @Argument(help: "The step.")
    var step: String

    @Option(help: ArgumentHelp("Which attempt; the last one when not given.", valueName: "number"))
    var attempt: Int?

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let workspace = try options.workspace()
        let store = try workspace.openStore()
        let id = try await RunArgument.resolve(run, in: store)
        let steps = try await store.projection(of: id)?.steps ?? [:]
        await store.close()
        guard let found = InstanceID(step).flatMap({ steps[$0] }) else {
            let nearest = NearestName.of(step, among: steps.keys.map(\.description))
            throw MartletError(
                .referenceUnknown,
                "run \(id) has no step \"\(step)\"",
                remedy: nearest.map { "did you mean \($0)?" }
                    ?? "steps are \(steps.keys.prefix(20).map(\.description).joined(separator: ", "))"
                    + (steps.count > 20 ? " and \(steps.count - 20) more" : "")
            )
        }
        let number = attempt ?? max(1, found.attempts)
        let path = RunLayout(workspace.layout, id).attempt(found.id, number).log
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw MartletError(
                .fileUnreadable,
                "step \(found.id) has no log of attempt \(number)",
                reason: "it is \(StateMark.word(found.state)), after \(found.attempts) attempts",
                remedy: "see `martlet runs show \(id)`"
            )
        }
        while let bytes = try? handle.read(upToCount: 1 << 16), !bytes.isEmpty {
            // `| head` has read enough.
            if !bytes.withUnsafeBytes({ Output.write($0, to: STDOUT_FILENO) }) { return }
        }
    }
}
