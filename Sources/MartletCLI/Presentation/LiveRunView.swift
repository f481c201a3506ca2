import Dispatch
import Foundation
import Glibc
import MartletCore
import MartletRuntime
import OrderedCollections
import Synchronization

/// Watches a run as a picture that is drawn over itself: steps, states, times, progress.
///
/// Drawn at most ten times a second, and only while something runs (times move) or has changed. Taller than the
/// terminal, it shows what runs and what failed, and counts the rest.
final class LiveRunView: RunObserver {
    private struct State {
        var projection: RunProjection
        var attemptStart: [InstanceID: Timestamp] = [:]
        var progress: [InstanceID: StepProgress] = [:]
        var drawnLines = 0
        var ended = false
    }

    private let state: Mutex<State>
    private let style: Style
    private let time: any TimeSource
    // Dispatch's sources may be used from any thread; the library does not say so to the compiler.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer

    init(_ projection: RunProjection, style: Style, time: any TimeSource) {
        state = Mutex(State(projection: projection))
        self.style = style
        self.time = time
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "martlet.view"))
        timer.schedule(deadline: .now(), repeating: .milliseconds(100), leeway: .milliseconds(20))
        timer.setEventHandler { [weak self] in self?.draw() }
        timer.resume()
    }

    func recorded(_ events: [RecordedEvent], of run: RunID) {
        state.withLock { state in
            for entry in events {
                state.projection.apply(entry)
                if case .attemptStarted(let step, _) = entry.event {
                    state.attemptStart[step] = entry.at
                    state.progress[step] = nil
                }
            }
        }
    }

    func received(_ message: StepMessage, from step: InstanceID, attempt: Int) {
        guard case .progress(let progress) = message else { return }
        state.withLock { $0.progress[step] = progress }
    }

    /// Removes the picture; what follows on the terminal stands in its place.
    func end() {
        timer.cancel()
        state.withLock { state in
            state.ended = true
            Output.talkRaw(erase(state.drawnLines))
            state.drawnLines = 0
        }
    }

    private func draw() {
        let size = TerminalSize.current
        let now = time.now
        state.withLock { state in
            if state.ended { return }
            let lines = LivePicture(
                projection: state.projection,
                attemptStart: state.attemptStart,
                progress: state.progress,
                now: now,
                style: style
            ).lines(width: size.columns, height: size.rows)
            Output.talkRaw(erase(state.drawnLines) + lines.map { $0 + "\u{1b}[K\n" }.joined())
            state.drawnLines = lines.count
        }
    }

    private func erase(_ lines: Int) -> String { lines > 0 ? "\r\u{1b}[\(lines)A\u{1b}[J" : "" }
}

/// The size of the terminal that standard error is.
struct TerminalSize {
    var columns: Int
    var rows: Int

    static var current: TerminalSize {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}
