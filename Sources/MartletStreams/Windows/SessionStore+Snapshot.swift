import MartletCore

extension SessionStore {
    func encode(into writer: inout ByteWriter) {
        var groups = [[Int32]](repeating: [], count: Limits.keyGroups)
        for (row, session) in sessions.enumerated() where session.isLive {
            groups[StableHash.group(of: keys.hash(Int(session.key)))].append(Int32(row))
        }
        for rows in groups {
            var section = ByteWriter()
            section.write(count: rows.count)
            for row in rows {
                let session = sessions[Int(row)]
                keys.withKey(Int(session.key)) { section.write(counted: $0) }
                section.write(session.start)
                section.write(session.end)
                section.write(session.hasFired)
                section.write(session.panes)
                let panes = emitted[row] ?? []
                section.write(count: panes.count)
                for pane in panes { pane.encode(into: &section) }
            }
            for state in states { state.encode(rows, into: &section) }
            writer.write(counted: section.bytes)
        }
    }

    func decode(from reader: inout ByteReader, _ keyGroups: Range<Int>) throws(SnapshotFault) {
        for group in 0..<Limits.keyGroups {
            let length = try reader.readCount()
            guard keyGroups.contains(group) else {
                _ = try reader.readRaw(length)
                continue
            }
            let end = length + reader.offset
            let rows = try reader.readCount(width: 23)
            for _ in 0..<rows {
                let key = try reader.readCounted()
                let (start, finish): (Int64, Int64) = (try reader.read(), try reader.read())
                let bound = Limits.eventTimeMicroseconds * 2
                guard start < finish, start >= -bound, finish <= bound else {
                    throw reader.fault("a session is out of range")
                }
                var session = Session(start: start, end: finish, key: 0, generation: 0)
                session.hasFired = try reader.readTruth()
                session.panes = try reader.read()
                var panes = [Pane]()
                for _ in 0..<(try reader.readCount()) { panes.append(try Pane(from: &reader, key: key, plan)) }
                guard restore(key, session, emitted: panes) else { throw reader.fault("two sessions overlap") }
            }
            for state in states { try state.decode(rows, from: &reader) }
            guard reader.offset == end else { throw reader.fault("a key group is longer than it says") }
        }
    }

    /// Puts back a session of a snapshot, whose aggregates follow in the states; false when the snapshot has it twice.
    func restore(_ key: ArraySlice<UInt8>, _ restored: Session, emitted panes: [Pane]) -> Bool {
        let number = keys.insert(key)
        if number == lists.count { lists.append([]) }
        if lists[number].isEmpty { liveKeys += 1 }
        let place = firstSession(of: number, from: restored.start)
        if place < lists[number].count, sessions[Int(lists[number][place])].start < restored.end { return false }
        if place > 0, sessions[Int(lists[number][place - 1])].end > restored.start { return false }
        let row = Int32(sessions.count)
        var session = restored
        session.key = Int32(number)
        sessions.append(session)
        lists[number].insert(row, at: place)
        if !panes.isEmpty { emitted[row] = panes }
        setTimer(row)
        return true
    }
}

extension Pane {
    /// All but the key, which stands before.
    func encode(into writer: inout ByteWriter) {
        writer.write(window.start)
        writer.write(window.end)
        writer.write(values)
        writer.write(timing.rawValue)
        writer.write(index)
        writer.write(isLast)
    }

    init(from reader: inout ByteReader, key: ArraySlice<UInt8>, _ plan: StreamPlan) throws(SnapshotFault) {
        guard let key = key.withUnsafeBytes({ KeyBatch.values(of: $0, columns: plan.keyColumns.count) }) else {
            throw reader.fault("a key does not fit the definition")
        }
        let window = StreamWindow(start: try reader.read(), end: try reader.read())
        let values = try reader.readValues()
        guard let timing = Timing(rawValue: try reader.read()) else { throw reader.fault("a timing is unknown") }
        let index: Int32 = try reader.read()
        let isLast = try reader.readTruth()
        self.init(key: key, window: window, values: values, timing: timing, index: index, isLast: isLast)
    }
}
