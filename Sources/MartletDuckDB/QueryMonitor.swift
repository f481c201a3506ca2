import Dispatch
import MartletCore
import Synchronization

/// Watches a script from outside the thread that runs it: reports its progress and interrupts it.
final class QueryMonitor: Sendable {
    private struct State {
        var signals: DuckDBSignals?
        var isCancelled = false
        var part = 0
        var partCount = 1
        var reported = 0.0
    }

    private let state = Mutex(State())
    private let report: @Sendable (Double) -> Void

    /// A monitor that tells `report` how far the script is, from 0 to below 1.
    init(report: @escaping @Sendable (Double) -> Void) { self.report = report }

    /// Whether the script is to stop.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// Stops the running query, and every later one.
    func cancel() {
        state.withLock {
            $0.isCancelled = true
            $0.signals?.interrupt()
        }
    }

    /// Says that the part `index` of `count` begins; the part `count` is what follows the script.
    func begin(part index: Int, of count: Int) {
        state.withLock {
            $0.part = index
            $0.partCount = count
        }
    }

    /// Watches the connection behind `signals` while `body` runs.
    func watching<Value>(
        _ signals: DuckDBSignals,
        every interval: DispatchTimeInterval,
        _ body: () throws(MartletError) -> Value
    ) throws(MartletError) -> Value {
        state.withLock { $0.signals = signals }
        let queue = DispatchQueue(label: "martlet.duckdb.monitor")
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { self.observe() }
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.activate()
        defer {
            timer.cancel()
            // An observation under way ends before the connection may close.
            queue.sync {}
            state.withLock { $0.signals = nil }
        }
        return try body()
    }

    /// Looks once at the running query.
    private func observe() {
        let progress: Double? = state.withLock { state in
            guard let signals = state.signals else { return nil }
            // DuckDB forgets an interrupt when the next query starts, and one may have come just before that.
            if state.isCancelled { signals.interrupt() }
            guard let ofPart = signals.progress else { return nil }
            let progress = (Double(state.part) + ofPart) / Double(state.partCount)
            // That the script is done is for its end to say.
            guard progress > state.reported, progress < 1 else { return nil }
            state.reported = progress
            return progress
        }
        if let progress { report(progress) }
    }
}
