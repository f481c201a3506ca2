import MartletCore

extension SessionStore {
    /// Emits what the watermark and the changes call for, and closes sessions.
    func advance(to watermark: Int64, into panes: inout [Pane]) {
        self.watermark = watermark
        var due = [(row: Int32, timing: Pane.Timing)]()
        var closing = [Int32]()
        while let (_, timer) = timers.pop(through: watermark) {
            let session = sessions[Int(timer.row)]
            guard session.isLive, session.generation == timer.generation else { continue }
            if self.due(session) > watermark {
                setTimer(timer.row)
                continue
            }
            let isClosed = EventTime.adding(session.end, plan.lateness) <= watermark
            if !emitsChanges || !session.hasFired {
                sessions[Int(timer.row)].hasFired = true
                let isNews = plan.emit != .onChange || session.isChanged || emitted[timer.row] == nil
                if isNews { due.append((timer.row, .onTime)) }
                sessions[Int(timer.row)].isChanged = false
            } else if session.isChanged {
                due.append((timer.row, .late))
                sessions[Int(timer.row)].isChanged = false
            }
            if isClosed { closing.append(timer.row) } else { setTimer(timer.row) }
        }
        for row in changed where sessions[Int(row)].isLive && sessions[Int(row)].isChanged {
            sessions[Int(row)].isChanged = false
            let hasFired = sessions[Int(row)].hasFired
            if plan.emit == .onChange || hasFired { due.append((row, hasFired ? .late : .early)) }
        }
        changed.removeAll(keepingCapacity: true)
        emit(due, watermark, into: &panes)
        for row in closing { close(row) }
        compact()
    }

    private func emit(_ due: [(row: Int32, timing: Pane.Timing)], _ watermark: Int64, into panes: inout [Pane]) {
        let ordered = due.sorted { left, right in
            let (first, second) = (sessions[Int(left.row)], sessions[Int(right.row)])
            if first.end != second.end { return first.end < second.end }
            if first.key == second.key { return first.start < second.start }
            return keys.isOrdered(Int(first.key), before: Int(second.key))
        }
        for (row, timing) in ordered { emit(row, timing, watermark, into: &panes) }
    }

    private func emit(_ row: Int32, _ timing: Pane.Timing, _ watermark: Int64, into panes: inout [Pane]) {
        let session = sessions[Int(row)]
        let pane = Pane(
            key: keys.values(Int(session.key), columns: plan.keyColumns.count),
            window: StreamWindow(start: session.start, end: session.end),
            values: states.map { $0.value(Int(row)) },
            timing: timing,
            index: session.panes,
            isLast: EventTime.adding(session.end, plan.lateness) <= watermark
        )
        if emitsChanges {
            // A pane of other bounds would stand beside this one for ever, so it is always taken back.
            for before in emitted[row] ?? [] where plan.retracts || before.window != pane.window {
                var retraction = before
                retraction.isRetraction = true
                retraction.timing = timing
                retraction.isLast = false
                panes.append(retraction)
            }
            emitted[row] = [pane]
            sessions[Int(row)].panes &+= 1
        }
        panes.append(pane)
    }

    private func close(_ row: Int32) {
        let session = sessions[Int(row)]
        let key = Int(session.key)
        let place = firstSession(of: key, from: session.start)
        if place < lists[key].count, lists[key][place] == row { lists[key].remove(at: place) }
        if lists[key].isEmpty { liveKeys -= 1 }
        release(row)
    }

    /// Drops the keys without sessions once they are the most.
    private func compact() {
        guard keys.count > 1024, liveKeys < keys.count / 2 else { return }
        var (kept, keptLists) = (KeyTable(), [[Int32]]())
        for key in 0..<keys.count where !lists[key].isEmpty {
            let new = kept.insert(key, of: keys)
            keptLists.append(lists[key])
            for row in lists[key] { sessions[Int(row)].key = Int32(new) }
        }
        (keys, lists) = (kept, keptLists)
    }
}
