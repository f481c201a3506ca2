import Foundation
import Glibc
import MartletCore
import MartletLakeStore
import Synchronization

/// Shows on standard error how far a command has come: a bar on a terminal, a line now and then elsewhere.
final class LakeProgress: Sendable {
    private struct State {
        var shownAt: ContinuousClock.Instant
        var hasShown = false
    }

    private let verb: String
    private let isTerminal: Bool
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    /// - Parameter verb: what is being done, as in "adding".
    init(_ verb: String) {
        self.verb = verb
        isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
        start = ContinuousClock.now
        state = Mutex(State(shownAt: start))
    }

    /// Shows how many files are done.
    func update(_ progress: WorkProgress) {
        show { Self.line(self.verb, progress, seconds: $0) }
    }

    /// Shows how many bytes are done.
    func update(bytes: Int, of total: Int) {
        show { Self.line(self.verb, bytes: bytes, of: total, seconds: $0) }
    }

    /// Shows how many of other things are done.
    func update(_ done: Int, of total: Int, _ noun: String) {
        show { _ in
            "\(self.verb)  \(Self.bar(done, total))  \(NumberText.grouped(done)) of \(LakeText.count(total, noun))"
        }
    }

    /// Shows how many things are done, of nobody knows how many.
    func update(_ done: Int, _ noun: String, bytes: Int) {
        show { seconds in
            let size = NumberText.bytes(bytes)
            return ([self.verb, LakeText.count(done, noun), size] + Self.speed(bytes, seconds)).joined(separator: "  ")
        }
    }

    /// Shows how things stand, in any words.
    func show(_ words: String) { show { _ in "\(self.verb)  \(words)" } }

    /// Takes the bar away.
    func end() {
        state.withLock { state in
            if state.hasShown { Output.talkRaw("\r\u{1b}[K") }
            state.hasShown = false
        }
    }

    /// At most ten times a second, and nothing of what takes no time.
    private func show(_ line: (_ seconds: Double) -> String) {
        let now = ContinuousClock.now
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
        state.withLock { state in
            guard now - state.shownAt >= pause else { return }
            state.shownAt = now
            let text = line((now - start) / .seconds(1))
            if !isTerminal { return Output.talk(text) }
            state.hasShown = true
            Output.talkRaw("\r\u{1b}[K\(text.prefix(Self.columns - 1))")
        }
    }

    /// `adding  ████░░░░  12,000 of 60,000 files  31 MB  28 MB/s`.
    static func line(_ verb: String, _ progress: WorkProgress, seconds: Double) -> String {
        var parts = [verb]
        if let total = progress.totalFiles, total > 0 {
            parts.append(bar(progress.files, total))
            parts.append("\(NumberText.grouped(progress.files)) of \(LakeText.count(total, "file"))")
        } else {
            parts.append(LakeText.count(progress.files, "file"))
        }
        if progress.bytes > 0 { parts.append(NumberText.bytes(progress.bytes)) }
        return (parts + speed(progress.bytes, seconds)).joined(separator: "  ")
    }

    /// `pushing  ████░░░░  31 MB of 134 MB  28 MB/s`.
    static func line(_ verb: String, bytes: Int, of total: Int, seconds: Double) -> String {
        let parts = [verb, bar(bytes, total), "\(NumberText.bytes(bytes)) of \(NumberText.bytes(total))"]
        return (parts + speed(bytes, seconds)).joined(separator: "  ")
    }

    private static func speed(_ bytes: Int, _ seconds: Double) -> [String] {
        bytes > 0 && seconds > 0.5 ? ["\(NumberText.bytes(Int(Double(bytes) / seconds)))/s"] : []
    }

    private static func bar(_ done: Int, _ total: Int) -> String {
        let fraction = total > 0 ? Double(done) / Double(total) : 0
        let full = Int((min(1, max(0, fraction)) * 20).rounded())
        return String(repeating: "█", count: full) + String(repeating: "░", count: 20 - full)
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 10 ? Int(size.ws_col) : 80
    }
}
