import ArgumentParser
import Foundation
import Glibc
import MartletCore
import MartletDuckDB
import MartletRuntime

/// `martlet run-sql-step`: the process of an SQL step.
///
/// Not for people; the runner starts it and speaks frames to it. A process of its own keeps DuckDB's library and memory
/// out of the runner, and lets a step be ended like any other.
struct SQLStepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "run-sql-step", shouldDisplay: false)

    func run() async throws {
        let link = try RunnerLink()
        let request = try JSONText.decode(SQLStepRequest.self, from: Data(link.receive()))
        do throws(MartletError) {
            try await transform(request, link)
        } catch {
            Output.talk(error.description)
            // The same script over the same inputs fails the same way; only a lack of resources may pass.
            link.send(.failure(error: error, retry: error.code == .sqlFailed || error.code == .sqlEngineUnusable))
            throw CommandFailure.silent(ExitStatus.workFailed)
        }
    }

    private func transform(_ request: SQLStepRequest, _ link: RunnerLink) async throws(MartletError) {
        let context = request.context
        let engine = DuckDBEngine(environment: ProcessInfo.processInfo.environment)
        var outputs: [TableOutput] = []
        for (name, dataset) in context.outputs.sorted(by: { $0.key < $1.key }) {
            outputs.append(TableOutput(name: name, path: dataset.path, format: dataset.format ?? .parquet))
        }
        let transform = SQLTransform(
            script: request.script,
            scriptName: request.file,
            inputs: context.inputs.sorted { $0.key < $1.key }.map {
                TableInput(name: $0.key, path: $0.value.path, format: $0.value.format)
            },
            outputs: outputs,
            settings: SQLTransform.Settings(temporaryDirectory: context.workDirectory)
        )
        let result = try await engine.transform(transform) { fraction in
            link.send(.progress(StepProgress(done: fraction, total: 1)))
        }
        for (name, rows) in result.rowsIn { link.send(.metric(name: "rows_in.\(name)", value: Double(rows))) }
        for (name, rows) in result.rowsOut { link.send(.metric(name: "rows_out.\(name)", value: Double(rows))) }
    }
}

/// The two descriptors between a step and its runner.
struct RunnerLink: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// - Throws: ``MartletError`` MT1019 when no runner started this process.
    init() throws(MartletError) {
        let names = (ProcessInfo.processInfo.environment[Frame.environmentKey] ?? "").split(separator: ",").compactMap {
            Int32($0)
        }
        guard names.count == 2 else {
            throw MartletError(
                .commandLineInvalid,
                "this command is started by `martlet run`, not by people",
                remedy: "use `martlet run`"
            )
        }
        (reading, writing) = (names[0], names[1])
    }

    /// The first frame.
    func receive() -> [UInt8] {
        var decoder = FrameDecoder()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(reading, &buffer, buffer.count)
            guard count > 0, let payloads = try? decoder.feed(buffer[..<count]) else { return [] }
            if let first = payloads.first { return first }
        }
    }

    func send(_ message: StepMessage) {
        let bytes = Frame.encode(JSONText.data(message))
        // Messages are far shorter than what a pipe takes in one piece (PIPE_BUF), so threads cannot mix theirs.
        _ = bytes.withUnsafeBytes { Glibc.write(writing, $0.baseAddress, $0.count) }
    }
}
