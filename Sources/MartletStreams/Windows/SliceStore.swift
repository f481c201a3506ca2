import MartletCore

/// The state of tumbling and hopping windows.
final class SliceStore {
    let plan: StreamPlan
    let layout: SliceLayout
    /// The slices by their start; the first of each is that of records in time for all their windows, if there are any.
    private(set) var slices: [Int64: [WindowSlice]] = [:]
    /// The windows that have records and are not closed, by start.
    private(set) var open: Set<Int64> = []
    /// What was emitted of windows that are not closed; nothing when only final results are.
    private(set) var emitted: [Int64: EmittedPanes] = [:]
    /// The watermark of the last advance.
    var watermark = EventTime.beginning
    private var closings = TimeHeap<Int64>()
    private var firings = TimeHeap<Int64>()
    private var changedSlices: [WindowSlice] = []
    /// Reused from batch to batch.
    private var targets: [Int32] = []
    private let emitsChanges: Bool

    init(_ plan: StreamPlan, _ layout: SliceLayout) {
        self.plan = plan
        self.layout = layout
        emitsChanges = plan.emit != .final
    }

    /// How many rows of keys there are.
    var rowCount: Int { slices.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.keys.count } } }

    /// The first window that a record in `slice` still counts for when windows are closed up to `watermark`; nil when it
    /// is late for all of them.
    @inline(__always)
    func firstWindow(of slice: Int64, watermark: Int64) -> Int64? {
        let first = layout.firstWindow(slice)
        let limit = EventTime.adding(EventTime.adding(watermark, -plan.lateness), -layout.size)
        if first > limit { return first }
        let last = layout.lastWindow(slice)
        return last > limit ? max(first, layout.firstWindow(after: limit)) : nil
    }

    /// The slice for records that count from `firstWindow` on.
    func slice(_ start: Int64, firstWindow: Int64) -> WindowSlice {
        if let slice = slices[start]?.first(where: { $0.firstWindow == firstWindow }) { return slice }
        let slice = WindowSlice(start: start, firstWindow: firstWindow, states: plan.makeStates())
        slices[start, default: []].append(slice)
        var window = firstWindow
        while window <= layout.lastWindow(start) {
            openWindow(window)
            window += layout.slide
        }
        return slice
    }

    private func openWindow(_ start: Int64) {
        guard open.insert(start).inserted else { return }
        closings.insert(start, at: EventTime.adding(start + layout.size, plan.lateness))
        guard emitsChanges, emitted[start]?.hasFired != true else { return }
        if start + layout.size <= watermark {
            // Only late records open it now, so there is no result on time.
            book(of: start).hasFired = true
        } else {
            firings.insert(start, at: start + layout.size)
        }
    }

    /// Adds the records of a batch to a slice.
    func add(_ records: [Int32], to slice: WindowSlice, _ keys: KeyBatch, _ inputs: [AggregateInput]) {
        slice.rows(of: records, keys, into: &targets)
        slice.add(records, at: targets, inputs)
        guard emitsChanges else { return }
        if slice.changed.isEmpty { changedSlices.append(slice) }
        slice.noteChanges(targets)
    }

    /// Emits what the watermark and the changes since the last time call for, and closes windows.
    func advance(to watermark: Int64, into panes: inout [Pane]) {
        self.watermark = watermark
        if emitsChanges { emitChanges(watermark, &panes) }
        while let (_, window) = closings.pop(through: watermark) {
            if plan.emit == .final { emitAll(window, .onTime, isLast: true, into: &panes) }
            close(window)
        }
    }

    private func close(_ window: Int64) {
        open.remove(window)
        emitted[window] = nil
        // The slices whose last window this is.
        var start = window
        while start < window + layout.slide {
            slices[start] = nil
            start += layout.slice
        }
    }

    /// The slices that count for a window.
    private func parts(of window: Int64) -> [WindowSlice] {
        var parts = [WindowSlice]()
        var start = window
        while start < window + layout.size {
            for slice in slices[start] ?? [] where slice.firstWindow <= window { parts.append(slice) }
            start += layout.slice
        }
        return parts
    }

    /// The results of a window, of all keys.
    private func combined(_ window: Int64) -> WindowSlice {
        let parts = parts(of: window)
        if parts.count == 1 { return parts[0] }
        let whole = WindowSlice(start: window, firstWindow: window, states: plan.makeStates())
        for part in parts { whole.merge(part) }
        return whole
    }

    private func emitAll(_ window: Int64, _ timing: Pane.Timing, isLast: Bool, into panes: inout [Pane]) {
        let whole = combined(window)
        panes.reserveCapacity(panes.count + whole.keys.count)
        for row in whole.keys.sorted() { emit(window, whole, Int(row), timing, isLast: isLast, into: &panes) }
    }

    private func emit(
        _ window: Int64,
        _ whole: WindowSlice,
        _ row: Int,
        _ timing: Pane.Timing,
        isLast: Bool,
        into panes: inout [Pane]
    ) {
        let bounds = StreamWindow(start: window, end: window + layout.size)
        let key = whole.keys.values(row, columns: plan.keyColumns.count)
        let values = whole.states.map { $0.value(row) }
        var index: Int32 = 0
        if emitsChanges {
            let book = book(of: window)
            let noted = book.note(row, of: whole.keys, plan.retracts ? values : nil)
            index = noted.index
            if let before = noted.before {
                var retraction = Pane(
                    key: key,
                    window: bounds,
                    values: before,
                    timing: timing,
                    index: index &- 1,
                    isLast: false
                )
                retraction.isRetraction = true
                panes.append(retraction)
            }
        }
        panes.append(Pane(key: key, window: bounds, values: values, timing: timing, index: index, isLast: isLast))
    }

    private func book(of window: Int64) -> EmittedPanes {
        if let book = emitted[window] { return book }
        let book = EmittedPanes()
        emitted[window] = book
        return book
    }

    private func emitChanges(_ watermark: Int64, _ panes: inout [Pane]) {
        var fired = Set<Int64>()
        while let (_, window) = firings.pop(through: watermark) {
            fired.insert(window)
            book(of: window).hasFired = true
        }
        var changed = [Int64: KeyTable]()
        for slice in changedSlices {
            var window = slice.firstWindow
            while window <= layout.lastWindow(slice.start) {
                defer { window += layout.slide }
                guard open.contains(window), !(plan.emit == .onWatermark && fired.contains(window)) else { continue }
                guard plan.emit == .onChange || emitted[window]?.hasFired == true else { continue }
                for row in slice.changed {
                    _ = changed[window, default: KeyTable()].insert(Int(row), of: slice.keys)
                }
            }
        }
        if plan.emit == .onWatermark {
            for window in fired { changed[window] = KeyTable() }
        }
        // By window, then by key: the order in which everything is emitted.
        for window in changed.keys.sorted() {
            guard let keys = changed[window] else { continue }
            let isLast = EventTime.adding(window + layout.size, plan.lateness) <= watermark
            if plan.emit == .onWatermark, fired.contains(window) {
                emitAll(window, .onTime, isLast: isLast, into: &panes)
            } else {
                let hasFired = emitted[window]?.hasFired == true
                let timing: Pane.Timing = fired.contains(window) ? .onTime : hasFired ? .late : .early
                emitSome(window, keys, timing, isLast: isLast, into: &panes)
            }
        }
        for slice in changedSlices { slice.forgetChanges() }
        changedSlices.removeAll(keepingCapacity: true)
    }

    /// Emits the results of some keys of a window.
    private func emitSome(
        _ window: Int64,
        _ keys: KeyTable,
        _ timing: Pane.Timing,
        isLast: Bool,
        into panes: inout [Pane]
    ) {
        let whole = WindowSlice(start: window, firstWindow: window, states: plan.makeStates())
        for part in parts(of: window) {
            for index in 0..<keys.count {
                if let row = part.keys.find(index, of: keys) { whole.merge(part, row) }
            }
        }
        for row in whole.keys.sorted() { emit(window, whole, Int(row), timing, isLast: isLast, into: &panes) }
    }

    // For snapshots.

    func restore(_ slice: WindowSlice) { slices[slice.start, default: []].append(slice) }

    func restoreEmitted(_ window: Int64, _ panes: EmittedPanes) { emitted[window] = panes }

    func restoreOpen(_ window: Int64) { openWindow(window) }
}
