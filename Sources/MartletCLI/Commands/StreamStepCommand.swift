import ArgumentParser
import Foundation
import MartletCore
import MartletRuntime
import MartletStreams

/// `martlet run-stream-step`: the process of a stream step.
///
/// Not for people; the runner starts it and speaks frames to it, as to `run-sql-step`.
struct StreamStepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run-stream-step", shouldDisplay: false)

    func run() async throws {
        let link = try RunnerLink()
        let request = try JSONText.decode(StreamStepRequest.self, from: Data(link.receive()))
        let context = request.context
        do {
            var work = StreamWork(
                action: request.stream,
                name: "\(context.pipeline.rawValue).\(context.instance.description)",
                workspace: try Workspace(containing: context.project),
                folder: context.project,
                observer: StreamStepObserver(link)
            )
            // As of SQL steps, the format is Parquet unless the output says otherwise.
            for output in context.outputs.values { work.formats[output.path] = output.format ?? .parquet }
            let summary = try await StreamRunView.untilInterrupted(endsWithParent: true) { [work] in
                try await work.run()
            }
            Output.talk(StreamRunView.line(summary))
            for (name, value) in summary.metrics { link.send(.metric(name: name, value: value)) }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            let told =
                error as? MartletError
                ?? MartletError(.internalFault, "the stream broke off", cause: String(describing: error))
            Output.talk(told.description)
            // What is wrong with the definition stays wrong; a cluster may come back.
            link.send(.failure(error: told, retry: ExitStatus.of(told) == ExitStatus.workFailed))
            throw CommandFailure.silent(ExitStatus.workFailed)
        }
    }
}

extension StreamWork.Summary {
    /// What the log of a run keeps of it as numbers.
    var metrics: [(String, Double)] {
        [("records", Double(records)), ("results", Double(results)), ("lag", Double(lag))]
            + rejected.sorted { $0.key < $1.key }.map { ("rejected.\($0.key)", Double($0.value)) }
    }
}

/// Tells a run how its stream goes: numbers now and then, and what happens.
final class StreamStepObserver: StreamWorkObserver {
    private let link: RunnerLink
    private let pace = Pace(.seconds(5))

    init(_ link: RunnerLink) { self.link = link }

    func stands(_ status: StreamRunStatus) {
        guard pace.isDue() else { return }
        link.send(.metric(name: "records", value: Double(status.counters.records)))
        link.send(.metric(name: "lag", value: Double(status.lag)))
    }

    func notices(_ notice: StreamRunNotice) { if let line = StreamRunView.line(notice) { Output.talk(line) } }

    func update(_ status: TriggerStatus) {
        guard pace.isDue() else { return }
        link.send(.metric(name: "records", value: Double(status.events)))
        link.send(.metric(name: "results", value: Double(status.answers)))
    }

    func notice(_ error: MartletError) { Output.talk(DisplayText.line(error.message)) }

    func reads(_ records: Int64) {}
}

extension StreamRunStatus {
    /// How many records there are to read, as far as is known.
    var lag: Int64 { partitions.values.reduce(0) { $0 + ($1.lag ?? 0) } }
}
