import MartletCore

extension SliceStore {
    func encode(into writer: inout ByteWriter) {
        writer.write(count: open.count)
        for window in open.sorted() {
            writer.write(window)
            writer.write(emitted[window]?.hasFired ?? false)
        }
        let all = slices.keys.sorted().flatMap { slices[$0] ?? [] }
        let groups = all.map { $0.keys.groups() }
        let books = emitted.sorted { $0.key < $1.key }
        let bookGroups = books.map { $0.value.keys.groups() }
        for group in 0..<Limits.keyGroups {
            var section = ByteWriter()
            let present = all.indices.filter { !groups[$0][group].isEmpty }
            section.write(count: present.count)
            for index in present {
                let (slice, rows) = (all[index], groups[index][group])
                section.write(slice.start)
                section.write(slice.firstWindow)
                section.write(count: rows.count)
                for row in rows { slice.keys.withKey(Int(row)) { section.write(counted: $0) } }
                for state in slice.states { state.encode(rows, into: &section) }
            }
            let emittedHere = books.indices.filter { !bookGroups[$0][group].isEmpty }
            section.write(count: emittedHere.count)
            for index in emittedHere {
                let (window, book) = books[index]
                section.write(window)
                section.write(count: bookGroups[index][group].count)
                for row in bookGroups[index][group] {
                    book.keys.withKey(Int(row)) { section.write(counted: $0) }
                    section.write(book.counts[Int(row)])
                    if plan.retracts { section.write(book.values[Int(row)]) }
                }
            }
            writer.write(counted: section.bytes)
        }
    }

    func decode(from reader: inout ByteReader, _ keyGroups: Range<Int>) throws(SnapshotFault) {
        for _ in 0..<(try reader.readCount(width: 9)) {
            let window: Int64 = try reader.read()
            guard isInRange(window), layout.lastWindow(window) == window else {
                throw reader.fault("a window is where none can be")
            }
            if try reader.readTruth() {
                let book = emitted[window] ?? EmittedPanes()
                book.hasFired = true
                restoreEmitted(window, book)
            }
            restoreOpen(window)
        }
        for group in 0..<Limits.keyGroups {
            let length = try reader.readCount()
            let end = length + reader.offset
            if !keyGroups.contains(group) { _ = try reader.readRaw(length) }
            while reader.offset < end {
                try decodeSlices(&reader)
                try decodeEmitted(&reader)
            }
            guard reader.offset == end else { throw reader.fault("a key group is longer than it says") }
        }
    }

    private func isInRange(_ time: Int64) -> Bool {
        (-Limits.eventTimeMicroseconds * 2...Limits.eventTimeMicroseconds * 2).contains(time)
    }

    private func decodeSlices(_ reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<(try reader.readCount(width: 17)) {
            let start: Int64 = try reader.read()
            let firstWindow: Int64 = try reader.read()
            guard isInRange(start), isInRange(firstWindow), layout.sliceStart(start) == start,
                layout.lastWindow(firstWindow) == firstWindow,
                (layout.firstWindow(start)...layout.lastWindow(start)).contains(firstWindow)
            else { throw reader.fault("a slice is where none can be") }
            let slice: WindowSlice
            if let known = slices[start]?.first(where: { $0.firstWindow == firstWindow }) {
                slice = known
            } else {
                slice = WindowSlice(start: start, firstWindow: firstWindow, states: plan.makeStates())
                restore(slice)
            }
            let (before, rows) = (slice.keys.count, try reader.readCount())
            slice.keys.reserve(rows)
            for _ in 0..<rows {
                let key = try reader.readCounted()
                _ = slice.keys.insert(key)
            }
            guard slice.keys.count == before + rows else { throw reader.fault("a key stands twice") }
            for state in slice.states { try state.decode(rows, from: &reader) }
        }
    }

    private func decodeEmitted(_ reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<(try reader.readCount(width: 9)) {
            let window: Int64 = try reader.read()
            let book = emitted[window] ?? EmittedPanes()
            restoreEmitted(window, book)
            for _ in 0..<(try reader.readCount(width: 5)) {
                let key = try reader.readCounted()
                let count: Int32 = try reader.read()
                book.restore(key, count: count, values: plan.retracts ? try reader.readValues() : nil)
            }
        }
    }
}
