package import MartletCore

/// Collects records into columns.
package struct StreamBatchBuilder: Sendable {
    /// What a number means in a column of times.
    package enum TimeUnit: Int64, Hashable, Sendable {
        case seconds = 1_000_000
        case milliseconds = 1000
        case microseconds = 1
    }

    /// The columns.
    package let fields: [StreamField]
    private let layout: JSONRecordReader.Layout
    private var integers: [[Int64]]
    private var doubles: [[Double]]
    private var texts: [TextColumn]
    private var truths: [[Bool]]
    private var validity: [[Bool]]
    private var timestamps: [Int64] = []
    private var offsets: [Int64] = []
    /// One record's values before they are known to be all right.
    private var cells: [JSONRecordReader.Cell]

    /// A builder for these columns; numbers in a column of times count in `timeUnit` since 1970.
    package init(_ fields: [StreamField], timeUnit: TimeUnit = .milliseconds) {
        self.fields = fields
        layout = JSONRecordReader.Layout(fields: fields, names: fields.map { Array($0.name.utf8) }, timeUnit: timeUnit)
        integers = fields.map { _ in [] }
        doubles = fields.map { _ in [] }
        texts = fields.map { _ in TextColumn() }
        truths = fields.map { _ in [] }
        validity = fields.map { _ in [] }
        cells = fields.map { _ in .null }
    }

    /// How many records there are.
    package var count: Int { offsets.count }

    /// Adds a record whose value is a JSON object: members by the names of the columns, others left out.
    ///
    /// A missing member is null. Times are numbers or RFC 3339 texts.
    /// - Throws: ``RecordFault`` for anything else; the record is not added then.
    package mutating func append(
        json bytes: UnsafeRawBufferPointer,
        timestamp: Int64,
        offset: Int64
    ) throws(RecordFault) {
        var reader = JSONRecordReader(bytes)
        try reader.read(layout, into: &cells)
        for (index, field) in fields.enumerated() {
            let cell = cells[index]
            validity[index].append(cell != .null)
            switch field.type {
            case .integer, .timestamp:
                if case .integer(let number) = cell {
                    integers[index].append(number)
                } else {
                    integers[index].append(0)
                }
            case .double:
                if case .double(let number) = cell { doubles[index].append(number) } else { doubles[index].append(0) }
            case .boolean: truths[index].append(cell == .boolean(true))
            case .text:
                switch cell {
                case .text(let start, let end): texts[index].append(bytes: bytes[start..<end])
                case .escaped(let start, let end):
                    texts[index].append(bytes: JSONRecordReader.unescaped(bytes[start..<end]))
                default: texts[index].append("")
                }
            }
        }
        timestamps.append(timestamp)
        offsets.append(offset)
    }

    /// The records so far as a batch; the builder is empty after it.
    ///
    /// - Throws: ``MartletError`` MT6042 when the offsets do not ascend.
    package mutating func take(
        partition: Int32,
        nextOffset: Int64? = nil,
        highWatermark: Int64? = nil
    ) throws(MartletError) -> StreamBatch {
        defer { self = StreamBatchBuilder(fields, timeUnit: layout.timeUnit) }
        let columns = fields.indices.map { index in
            let storage: StreamColumn.Storage =
                switch fields[index].type {
                case .integer: .integers(integers[index])
                case .timestamp: .timestamps(integers[index])
                case .double: .doubles(doubles[index])
                case .text: .texts(texts[index])
                case .boolean: .booleans(truths[index])
                }
            return StreamColumn(storage, validity: validity[index].contains(false) ? validity[index] : nil)
        }
        return try StreamBatch(
            partition: partition,
            columns: columns,
            timestamps: timestamps,
            firstOffset: nextOffset ?? 0,
            offsets: offsets,
            nextOffset: nextOffset,
            highWatermark: highWatermark
        )
    }
}

/// Why a record's value cannot be read.
package struct RecordFault: Error, Hashable, Sendable {
    /// What is wrong.
    package let reason: String
    /// Where, in bytes from the start of the value.
    package let offset: Int
}
