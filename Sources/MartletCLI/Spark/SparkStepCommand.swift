import ArgumentParser
import Foundation
import MartletCore
import MartletRuntime
import MartletSpark

/// `martlet run-spark-step`: the process of a step that runs on Spark.
///
/// Not for people; the runner starts it and speaks frames to it, as to `run-sql-step`.
struct SparkStepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run-spark-step", shouldDisplay: false)

    func run() async throws {
        let link = try RunnerLink()
        let request = try JSONText.decode(SparkStepRequest.self, from: Data(link.receive()))
        let observer = SparkStepObserver(link)
        do {
            let work = try SparkWork(request, environment: ProcessInfo.processInfo.environment, observer)
            try await StreamRunView.untilInterrupted(endsWithParent: true) { try await work.run() }
        } catch {
            let told = SparkWork.told(error)
            Output.talk(told.error.description)
            link.send(.failure(error: told.error, retry: told.retry))
            throw CommandFailure.silent(ExitStatus.workFailed)
        }
    }
}

/// Tells a run how its work on Spark goes.
final class SparkStepObserver: SparkObserver {
    private let link: RunnerLink
    private let pace = Pace(.milliseconds(250))

    init(_ link: RunnerLink) { self.link = link }

    func progresses(_ done: Int, of total: Int, stage: String) {
        guard total > 0, pace.isDue() || done == total else { return }
        let text = "\(stage), \(done) of \(total) tasks on Spark"
        link.send(.progress(StepProgress(done: Double(done), total: Double(total), text: text)))
    }

    func isApplication(_ id: String) { tell("spark_application", id) }

    func showsPages(_ url: String) { tell("spark_pages", url) }

    /// Goes to the log; when the run is gone there is none, and the step has still to tidy up.
    func prints(_ line: String, isError: Bool) { Output.talk(line) }

    func wrote(_ output: String, rows: Int) { link.send(.metric(name: "rows_out.\(output)", value: Double(rows))) }

    private func tell(_ name: String, _ text: String) {
        guard let name = PortName(rawValue: name) else { return }
        link.send(.value(name: name, value: .string(text)))
        Output.talk("\(name.rawValue.replacing("_", with: " ")): \(DisplayText.line(text))")
    }
}
