package import MartletCore

/// Records of one input partition, in the order of the partition, as columns.
package struct StreamBatch: Hashable, Sendable {
    /// Which input partition they are from.
    package var partition: Int32
    /// The columns, in the order of the definition's source.
    package var columns: [StreamColumn]
    /// The time of each record as its source keeps it, in microseconds since 1970-01-01T00:00:00Z: the event time when
    /// the definition names no field for it, else the reference for events from the future.
    package var timestamps: [Int64]
    /// The offset of each record, ascending.
    package var offsets: [Int64]
    /// The offset to read next, which may lie beyond the last record's plus one (markers use offsets too).
    package var nextOffset: Int64
    /// The partition's end as the source told it last: with `nextOffset` there, nothing is left to read.
    ///
    /// Nil when unknown.
    package var highWatermark: Int64?

    /// Records with the offsets given; without them they are numbered from `firstOffset`.
    ///
    /// - Throws: ``MartletError`` MT6042 when columns, timestamps and offsets do not have the same number of rows, or
    ///   the offsets do not ascend.
    package init(
        partition: Int32,
        columns: [StreamColumn],
        timestamps: [Int64],
        firstOffset: Int64 = 0,
        offsets: [Int64]? = nil,
        nextOffset: Int64? = nil,
        highWatermark: Int64? = nil
    ) throws(MartletError) {
        let rows = timestamps.count
        let listed = offsets ?? (0..<rows).map { firstOffset &+ Int64($0) }
        var fault: String?
        if rows > Limits.streamBatchRows { fault = "it has \(rows) rows, above \(Limits.streamBatchRows)" }
        if listed.count != rows { fault = "it has \(rows) timestamps but \(listed.count) offsets" }
        for (index, column) in columns.enumerated() {
            if column.count != rows || column.validity.map({ $0.count != rows }) ?? false {
                fault = "column \(index + 1) has \(column.count) rows, not \(rows)"
            }
        }
        if (listed.first ?? 0) < 0 || zip(listed, listed.dropFirst()).contains(where: { $0 >= $1 }) {
            fault = "its offsets do not ascend from 0"
        }
        if let last = listed.last, last == .max { fault = "its last offset is out of range" }
        let next = nextOffset ?? listed.last.map { $0 &+ 1 } ?? firstOffset
        if let last = listed.last, next <= last { fault = "its next offset \(next) is not after its last, \(last)" }
        if let fault {
            throw MartletError(.streamBatchInvalid, "a batch of partition \(partition) is invalid: \(fault)")
        }
        self.partition = partition
        self.columns = columns
        self.timestamps = timestamps
        self.offsets = listed
        self.nextOffset = next
        self.highWatermark = highWatermark
    }

    /// How many records there are.
    package var count: Int { timestamps.count }
}
