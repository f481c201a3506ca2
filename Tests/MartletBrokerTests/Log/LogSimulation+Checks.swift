import MartletTestKit
import Testing

@testable import MartletBroker

extension LogSimulation {
    mutating func check(_ place: Comment) throws {
        let high = configuration.flush == .always ? max(model.flushed, log.recoveryPoint) : model.end
        #expect(log.endOffset == max(model.end, model.start), place)
        #expect(log.highWatermark == max(high, model.start), place)
        let stable = model.stable(log.highWatermark)
        #expect(log.lastStableOffset == max(stable, log.logStartOffset), place)
        let from = Int64.random(in: log.logStartOffset...log.endOffset, using: &random)
        try checkRead(from, .readUncommitted, place)
        try checkRead(from, .readCommitted, place)
        try checkTimes(place)
        #expect(throws: LogError.self) {
            try log.read(from: log.endOffset + 1, maxBytes: 1, isolation: .readUncommitted)
        }
    }

    /// Reads to the end in pieces, as a consumer does.
    private mutating func checkRead(_ start: Int64, _ isolation: PartitionLog.Isolation, _ place: Comment) throws {
        let isCommitted = isolation == .readCommitted
        let end = isCommitted ? log.lastStableOffset : log.highWatermark
        var found: [LogModel.Record] = []
        var next = start
        while next < end {
            let limit = Int.random(in: 1...900, using: &random)
            let read = try log.read(from: next, maxBytes: limit, isolation: isolation)
            let batches = try ModelConsumer.batches(read)
            guard let last = batches.last else {
                Issue.record("nothing at \(next) below \(end): \(place)")
                return
            }
            #expect(batches.count == 1 || read.byteCount <= limit, place)
            #expect(last.lastOffset < end && last.lastOffset >= next, place)
            found += try ModelConsumer.records(read, from: next)
            next = last.lastOffset + 1
        }
        #expect(found == model.visible(from: start, below: end, committedOnly: isCommitted), place)
    }

    private mutating func checkTimes(_ place: Comment) throws {
        let isolation: PartitionLog.Isolation = Bool.random(using: &random) ? .readCommitted : .readUncommitted
        let end = log.latestOffset(isolation)
        let records = model.visible(from: log.logStartOffset, below: end, committedOnly: false)
        let timestamp = now + Int64.random(in: -1_500...400, using: &random)
        let first = records.first { $0.timestamp >= timestamp }
        #expect(try log.offset(forTimestamp: timestamp, isolation)?.offset == first?.offset, place)
        let latest = records.map(\.timestamp).max()
        let expected = records.first { $0.timestamp == latest }
        #expect(try log.offsetOfMaxTimestamp(isolation)?.offset == expected?.offset, place)
    }
}
