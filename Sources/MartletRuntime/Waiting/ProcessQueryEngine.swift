import Foundation
public import MartletCore
import Synchronization

/// A query engine in a process of its own for each script: Martlet itself, started as it is for SQL steps.
///
/// This process never loads the engine's library.
public struct ProcessQueryEngine: QueryEngine {
    private let martlet: String
    private let environment: [String: String]
    private let context: StepContextDocument
    private let timeout: Duration

    /// An engine that runs the program `martlet`, in the name of the attempt that `context` tells of.
    public init(
        martlet: String,
        environment: [String: String],
        context: StepContextDocument,
        timeout: Duration = .seconds(Limits.querySeconds)
    ) {
        self.martlet = martlet
        self.environment = SettingsEnvironment.withheld(from: environment)
        self.context = context
        self.timeout = timeout
    }

    /// Runs the script in a new process.
    public func transform(
        _ transform: SQLTransform,
        progress: @escaping @Sendable (Double) -> Void
    ) async throws(MartletError) -> SQLTransformResult {
        let folder = transform.settings.temporaryDirectory ?? context.workDirectory
        let heard = Mutex(
            (result: SQLTransformResult(rowsIn: [:], rowsOut: [:], engine: martlet), error: MartletError?.none)
        )
        let spec = ProcessSpec(
            program: martlet,
            arguments: ["run-sql-step"],
            environment: environment.merging(["MARTLET_RUN_ID": context.runID.rawValue]) { $1 },
            directory: context.project,
            log: "\(folder)/query.log",
            messages: nil,
            firstFrame: try frame(transform, folder),
            timeout: timeout
        )
        unlink(spec.log)
        let end = try await ProcessSession.run(spec) { message in
            switch message {
            case .progress(let told): if let done = told.fraction { progress(done) }
            case .metric(let name, let value): heard.withLock { $0.result.note(name, value) }
            case .failure(let error, _): heard.withLock { $0.error = error }
            default: break
            }
        }
        if end.cause == .cancelled { throw MartletError(.sqlCancelled, "the statement was stopped before its end") }
        if end.cause == .timeout {
            throw MartletError(
                .sqlFailed,
                "the statement ran longer than \(timeout.shortText)",
                remedy: "let a step work out what takes long, and wait for that"
            )
        }
        if let error = heard.withLock({ $0.error }) { throw error }
        guard end.exitCode == 0 else {
            throw MartletError(
                .sqlFailed,
                "the process of the statement ended with "
                    + (end.exitCode.map { "exit code \($0)" } ?? "signal \(end.signal ?? 0)"),
                reason: end.lastOutput.isEmpty ? nil : end.lastOutput
            )
        }
        progress(1)
        return heard.withLock { $0.result }
    }

    private func frame(_ transform: SQLTransform, _ folder: String) throws(MartletError) -> [UInt8] {
        var context = context
        context.workDirectory = folder
        context.inputs = [:]
        context.outputs = [:]
        let dataset = DatasetID(trusted: "statement")
        for input in transform.inputs {
            context.inputs[input.name] = .init(dataset: dataset, path: input.path, format: input.format)
        }
        for output in transform.outputs {
            context.outputs[output.name] = .init(dataset: dataset, path: output.path, format: output.format)
        }
        let request = SQLStepRequest(context: context, script: transform.script, file: transform.scriptName)
        let frame = Array(JSONText.data(request))
        if frame.count <= Limits.frameBytes { return frame }
        throw MartletError(
            .limitExceeded,
            "the statement and its context have \(frame.count >> 20) MiB; the limit is \(Limits.frameBytes >> 20)",
            remedy: "keep statements and values small"
        )
    }
}

extension SQLTransformResult {
    /// Takes a count of rows, as an SQL step reports it.
    fileprivate mutating func note(_ metric: String, _ value: Double) {
        guard let rows = Int(exactly: value) else { return }
        if metric.hasPrefix("rows_in.") { rowsIn[String(metric.dropFirst(8))] = rows }
        if metric.hasPrefix("rows_out.") { rowsOut[String(metric.dropFirst(9))] = rows }
    }
}
