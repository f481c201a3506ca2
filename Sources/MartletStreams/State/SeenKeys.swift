import MartletCore

/// The identities of records that were seen, to leave out repeated ones: keyed state that is given up with event time.
///
/// A record repeats another when it has the same identity and its event time is at most the span away. An identity is
/// kept for as long as a record could come that is in time and repeats it, so that the moment of giving it up shows in
/// no result.
final class SeenKeys {
    /// Within what span two records of one identity are the same, in microseconds.
    let span: Int64
    /// How far behind the watermark a record may be and still count, in microseconds.
    let tail: Int64
    private(set) var keys = KeyTable()
    /// The event time by which each identity is known.
    private(set) var times: [Int64] = []
    /// At how many identities the old ones are looked for next.
    private var limit = 4096

    init(span: Int64, tail: Int64) {
        self.span = span
        self.tail = tail
    }

    /// Whether the record is a repeated one; if not, its identity is noted.
    func isRepeated(_ key: UnsafeRawBufferPointer, hash: UInt64, time: Int64) -> Bool {
        let index = keys.insert(key, hash: hash)
        if index == times.count {
            times.append(time)
            return false
        }
        if abs(time - times[index]) <= span { return true }
        times[index] = max(times[index], time)
        return false
    }

    /// Gives up identities that no record can repeat any more; looks for them only when there are many new ones.
    func expire(watermark: Int64) {
        guard keys.count >= limit else { return }
        var (kept, keptTimes) = (KeyTable(), [Int64]())
        for (index, time) in times.enumerated()
        where EventTime.adding(EventTime.adding(time, span), tail) >= watermark {
            _ = kept.insert(index, of: keys)
            keptTimes.append(time)
        }
        (keys, times) = (kept, keptTimes)
        limit = max(4096, keys.count * 2)
    }

    func encode(into writer: inout ByteWriter) {
        for rows in keys.groups() {
            writer.write(count: rows.count)
            for row in rows {
                keys.withKey(Int(row)) { writer.write(counted: $0) }
                writer.write(times[Int(row)])
            }
        }
    }

    func decode(from reader: inout ByteReader) throws(SnapshotFault) {
        for _ in 0..<(1 << 7) {
            for _ in 0..<(try reader.readCount(width: 9)) {
                let index = keys.insert(try reader.readCounted())
                guard index == times.count else { throw reader.fault("an identity stands twice") }
                times.append(try reader.read())
                guard EventTime.isValid(times[index]) else { throw reader.fault("a time is out of range") }
            }
        }
        limit = max(4096, keys.count * 2)
    }
}
