@testable import MartletBroker

/// A partition as a plain list of batches, and what follows from it by going through all of them.
struct LogModel {
    struct Record: Equatable {
        var offset: Int64
        var timestamp: Int64
        var value: [UInt8]
    }

    struct Batch: Equatable {
        var baseOffset: Int64
        var records: [Record]
        var producerID: Int64 = -1
        var epoch: Int16 = -1
        var baseSequence: Int32 = -1
        var isTransactional = false
        var marker: ControlRecord.Kind?

        var lastOffset: Int64 { baseOffset + Int64(max(1, records.count)) - 1 }
    }

    var batches: [Batch] = []
    /// Records before it are deleted.
    var start: Int64 = 0
    /// Batches before this offset must survive anything.
    var flushed: Int64 = 0

    var end: Int64 { batches.last.map { $0.lastOffset + 1 } ?? 0 }

    /// Transactions in order: whose, from where, and marker and its offset when it has ended.
    func transactions(below end: Int64) -> [(id: Int64, first: Int64, marker: ControlRecord.Kind?, last: Int64)] {
        var open: [Int64: Int64] = [:]
        var found: [(Int64, Int64, ControlRecord.Kind?, Int64)] = []
        for batch in batches where batch.baseOffset < end {
            if let marker = batch.marker {
                if let first = open.removeValue(forKey: batch.producerID) {
                    found.append((batch.producerID, first, marker, batch.baseOffset))
                }
            } else if batch.isTransactional, open[batch.producerID] == nil {
                open[batch.producerID] = batch.baseOffset
            }
        }
        return found + open.map { ($0.key, $0.value, nil, Int64.max) }
    }

    /// Where consumers of committed records stop, when others stop at `end`.
    func stable(_ end: Int64) -> Int64 {
        transactions(below: end).filter { $0.marker == nil }.map(\.first).min() ?? end
    }

    /// What a consumer gets: data from an offset on, below another, without that of aborted transactions when asked.
    func visible(from offset: Int64, below end: Int64, committedOnly: Bool) -> [Record] {
        let ended = transactions(below: self.end)
        return batches.flatMap { batch -> [Record] in
            guard batch.marker == nil else { return [] }
            let isAborted =
                batch.isTransactional
                && ended.contains {
                    $0.id == batch.producerID && $0.marker == .abort && $0.first <= batch.baseOffset
                        && batch.baseOffset < $0.last
                }
            guard !committedOnly || !isAborted else { return [] }
            return batch.records.filter { $0.offset >= offset && $0.offset < end }
        }
    }

    /// The number that a producer goes on with, and the last batches of its newest epoch.
    func state(of id: Int64) -> (epoch: Int16, next: Int32, last: [Batch])? {
        let own = batches.filter { $0.producerID == id }
        guard let epoch = own.map(\.epoch).max() else { return nil }
        let last = Array(own.filter { $0.epoch == epoch && $0.marker == nil }.suffix(5))
        let next = last.last.map { $0.baseSequence + Int32($0.records.count) } ?? 0
        return (epoch, next, last)
    }

    /// Where the producer's open transaction begins.
    func open(_ id: Int64) -> Int64? {
        transactions(below: .max).first { $0.id == id && $0.marker == nil }?.first
    }
}

/// A consumer as clients are: it goes through bytes of batches and leaves out what the broker says was aborted.
struct ModelConsumer {
    static func records(_ read: LogRead, from offset: Int64) throws -> [LogModel.Record] {
        var aborted = (read.aborted ?? []).sorted { $0.firstOffset < $1.firstOffset }
        var hidden: Set<Int64> = []
        var found: [LogModel.Record] = []
        for batch in try batches(read) {
            while let next = aborted.first, next.firstOffset <= batch.lastOffset {
                hidden.insert(next.producerID)
                aborted.removeFirst()
            }
            if batch.marker == .abort { hidden.remove(batch.producerID) }
            guard batch.marker == nil, !(batch.isTransactional && hidden.contains(batch.producerID)) else { continue }
            found += batch.records.filter { $0.offset >= offset }
        }
        return found
    }

    /// Every batch of the regions, checked.
    static func batches(_ read: LogRead) throws -> [LogModel.Batch] {
        var found: [LogModel.Batch] = []
        for region in read.regions {
            let bytes = try region.bytes()
            guard bytes.count == region.count else { throw LogError.corruptMessage("a region is short") }
            var position = 0
            while position < bytes.count {
                let batch = try bytes.withUnsafeBytes { try Self.batch($0.slice(position, $0.count)) }
                found.append(batch.0)
                position += batch.1
            }
        }
        return found
    }

    private static func batch(_ bytes: UnsafeRawBufferPointer) throws -> (LogModel.Batch, Int) {
        guard let view = RecordBatchView(bytes), view.isIntact else {
            throw LogError.corruptMessage("a torn batch is visible")
        }
        let header = view.header
        var batch = LogModel.Batch(
            baseOffset: header.baseOffset,
            records: [],
            producerID: header.producerID,
            epoch: header.producerEpoch,
            baseSequence: header.baseSequence,
            isTransactional: header.attributes.isTransactional
        )
        let decompressor = BatchDecompressor()
        if header.attributes.isControl {
            batch.marker = ControlRecord(of: view, using: decompressor)?.kind
        } else {
            var records = try view.records(using: decompressor)
            while let record = try records.next() {
                batch.records.append(
                    .init(
                        offset: record.offset,
                        timestamp: record.timestamp,
                        value: record.value.map { Array($0) } ?? []
                    )
                )
            }
        }
        return (batch, header.totalBytes)
    }
}
