import Foundation
import Glibc
import MartletCore
import MartletRuntime
import MartletStreams
import Synchronization

/// Shows how a stream goes: one line on a terminal, and what happens.
final class StreamRunView: StreamWorkObserver {
    private let progress = LakeProgress("running")

    func stands(_ status: StreamRunStatus) {
        progress.show(Self.line(status))
    }

    func notices(_ notice: StreamRunNotice) {
        guard let line = Self.line(notice) else { return }
        progress.end()
        Output.talk(line)
    }

    func update(_ status: TriggerStatus) {
        let failed = status.failures > 0 ? ", \(NumberText.grouped(status.failures)) failed" : ""
        progress.show("\(LakeText.count(status.events, "event")), \(LakeText.count(status.answers, "answer"))\(failed)")
    }

    func notice(_ error: MartletError) {
        progress.end()
        Output.talk(DisplayText.line(error.message))
    }

    func reads(_ records: Int64) { progress.show(LakeText.count(Int(records), "record")) }

    /// Takes the line away.
    func end() { progress.end() }

    // MARK: - Texts

    private static func line(_ status: StreamRunStatus) -> String {
        var parts = [
            LakeText.count(Int(status.counters.records), "record"), LakeText.count(Int(status.written), "result"),
        ]
        if status.lag > 0 { parts.append("lag \(NumberText.grouped(Int(status.lag)))") }
        let rejected = status.rejected.values.reduce(0, +)
        if rejected > 0 { parts.append("\(NumberText.grouped(Int(rejected))) put aside") }
        if let watermark = status.watermark {
            parts.append("at \(ClockText.utc(Timestamp(microseconds: watermark)))")
        }
        return parts.joined(separator: "  ")
    }

    /// What happened, for people; nil for what they need not know.
    static func line(_ notice: StreamRunNotice) -> String? {
        switch notice {
        case .started(let cut?, _, _): "goes on from cut \(cut)"
        case .started(nil, _, _): nil
        case .readFailed(let error, let attempt): "cannot read, try \(attempt): \(error.failure.message)"
        case .offsetsNotTold(let error): "cannot tell the brokers how far it is: \(error.failure.message)"
        case .partitionsAdded(let count): "\(count) new partitions are read from the next start on"
        }
    }

    /// What a stream has done.
    static func line(_ summary: StreamWork.Summary) -> String {
        var text =
            "\(LakeText.count(Int(summary.records), "record")), "
            + LakeText.count(Int(summary.results), "result")
        for (reason, count) in summary.rejected.sorted(by: { $0.key < $1.key }) {
            text += ", \(NumberText.grouped(Int(count))) \(reason.replacing("_", with: " "))"
        }
        return text
    }

    func text(_ summary: StreamWork.Summary, of name: String) -> String { "\(name): \(Self.line(summary))" }

    func json(_ summary: StreamWork.Summary, of name: String) -> String {
        JSONValue.object([
            "stream": .string(name), "records": .integer(Int(summary.records)),
            "results": .integer(Int(summary.results)),
            "rejected": .object(summary.rejected.mapValues { .integer(Int($0)) }),
            "ended": .string(summary.isAtEnd ? "end" : "stopped"),
        ]).jsonText
    }

    /// Does work that the user or the system may end early: its task is cancelled then.
    ///
    /// - Parameters:
    ///   - endsWithParent: whether it also ends when the process that started this one is gone.
    ///   - work: the work.
    /// - Returns: what the work returns.
    /// - Throws: what the work throws.
    static func untilInterrupted<Result: Sendable>(
        endsWithParent: Bool = false,
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task { try await work() }
        let signals = SignalWatch { _ in task.cancel() }
        let parent = getppid()
        let watch = Task {
            // An orphan gets another parent. There is nothing to wait for that would tell so.
            while endsWithParent, getppid() == parent {
                do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
            }
            if endsWithParent { task.cancel() }
        }
        defer {
            watch.cancel()
            withExtendedLifetime(signals) {}
        }
        return try await task.value
    }
}

/// Lets things through at most once in a while.
final class Pace: Sendable {
    private let interval: Duration
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    init(_ interval: Duration) { self.interval = interval }

    /// Whether it is time again.
    func isDue() -> Bool {
        let now = ContinuousClock.now
        return last.withLock { last in
            if let last, now - last < interval { return false }
            last = now
            return true
        }
    }
}
