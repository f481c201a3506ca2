import Foundation
import MartletCore
import MartletSpark
import Synchronization

/// Shows how work on Spark goes: one line of tasks on a terminal, and what the driver prints.
final class SparkView: SparkObserver {
    private let progress = LakeProgress("Spark")
    /// Whether what the driver prints is passed on.
    private let isVerbose: Bool
    private let rows = Mutex(0)
    /// The last lines, for when it fails.
    private let last = Mutex<[String]>([])

    init(isVerbose: Bool) { self.isVerbose = isVerbose }

    func progresses(_ done: Int, of total: Int, stage: String) {
        if total > 0 { progress.show("\(stage)  \(NumberText.grouped(done))/\(LakeText.count(total, "task"))") }
    }

    func isApplication(_ id: String) {}

    func showsPages(_ url: String) {
        progress.end()
        if isVerbose { Output.talk("Spark's pages: \(DisplayText.line(url))") }
    }

    func prints(_ line: String, isError: Bool) {
        if isVerbose || !isError {
            progress.end()
            isError ? Output.talk(line) : Output.result(line)
        }
        last.withLock { lines in
            lines.append(line)
            if lines.count > 40 { lines.removeFirst() }
        }
    }

    func wrote(_ output: String, rows count: Int) { rows.withLock { $0 += count } }

    /// How many rows were written.
    var rowsWritten: Int { rows.withLock(\.self) }

    /// Takes the line away.
    func end() { progress.end() }

    /// Shows what the driver printed last, when that says more of a failure and was not shown yet.
    func showLast(of error: MartletError) {
        progress.end()
        if isVerbose || ![.sparkNotStarted, .sparkApplicationFailed].contains(error.code) { return }
        for line in last.withLock(\.self) { Output.talk("  \(line)") }
    }
}
