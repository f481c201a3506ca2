import Foundation
import Glibc
import MartletCore
import MartletRuntime
import MartletSpark
import Synchronization

/// A program of Spark's on this machine: an application that is submitted, or the server of Spark Connect.
///
/// The program ends with this process, however that ends.
struct SparkProgram: Sendable {
    /// What is said of it in errors.
    let name: String
    let program: String
    let arguments: [String]
    let environment: [String: String]
    let directory: String

    /// Runs it to its end; cancelling the calling task ends it.
    ///
    /// - Parameter observer: hears what it prints.
    /// - Throws: ``MartletError`` MT2004 when it cannot be started, MT7052 when it fails, MT7008 when
    ///   it was cancelled.
    func run(_ observer: any SparkObserver) async throws(MartletError) {
        let stages = StageTally()
        let last = Mutex("")
        var call = ChildCall(
            program: program,
            arguments: arguments,
            environment: environment,
            directory: directory,
            grace: .seconds(Limits.sparkGraceSeconds)
        )
        call.endsWithCaller = true
        call.onLine = { channel, line in
            let read = SparkDriverLine(line)
            switch read {
            case .progress(let stage, let done, let total):
                let sum = stages.add(stage, done, total)
                observer.progresses(sum.done, of: sum.total, stage: "stage \(stage)")
                if line.hasPrefix("[Stage ") { return }
            case .application(let id): observer.isApplication(id)
            case .pages(let url): observer.showsPages(url)
            case .blank: return
            case .other: if Self.isTelling(line) { last.withLock { $0 = line } }
            }
            observer.prints(line, isError: channel == .errors)
        }
        let end = try await call.run()
        if end.cause == .cancelled {
            throw MartletError(.sparkOperationCancelled, "\(name) was stopped before its end")
        }
        if end.exitCode == 0 { return }
        let why = end.exitCode.map { "exit code \($0)" } ?? "signal \(end.signal ?? 0)"
        let told = last.withLock(\.self)
        throw MartletError(
            .sparkApplicationFailed,
            "\(name) failed",
            reason: told.isEmpty ? why : "\(why): \(DisplayText.line(String(told.prefix(500))))",
            remedy: "its log has all that the driver printed"
        )
    }

    /// Whether a line may be the reason of a failure: the last that an exception has to say, rather than the log.
    private static func isTelling(_ line: String) -> Bool {
        guard let first = line.utf8.first, first != 32, first != 9 else { return false }
        if line.contains("Error") || line.contains("Exception") { return !line.contains(" INFO ") }
        return false
    }
}

/// Adds up the tasks of stages.
final class StageTally: Sendable {
    private let stages = Mutex<[Int: (done: Int, total: Int)]>([:])

    /// Takes what is known of one stage; the sum over all.
    func add(_ stage: Int, _ done: Int, _ total: Int) -> (done: Int, total: Int) {
        stages.withLock { stages in
            stages[stage] = (max(done, stages[stage]?.done ?? 0), total)
            return stages.values.reduce((0, 0)) { ($0.0 + $1.done, $0.1 + $1.total) }
        }
    }
}

extension Limits {
    /// Seconds that a Spark driver has to end after SIGTERM: fewer than the process that started it has itself.
    static let sparkGraceSeconds = 4
    /// Seconds that the Spark of this machine has to come up.
    static let sparkStartSeconds = 180
}
