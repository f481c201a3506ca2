import MartletTestKit
import Testing

@testable import MartletBroker

/// A log and its model under random work, with the power going at random.
struct LogSimulation {
    static let folder = "data/t-0"
    let seed: UInt64
    var random: SeededGenerator
    var files = SimulatedFiles()
    var log: PartitionLog
    var model = LogModel()
    var configuration: LogConfiguration
    var now: Int64 = 1_000
    var checkpoint: Int64?
    /// How often what happened, so that the tests can say that they tested it.
    var counts: [String: Int] = [:]

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        configuration = LogConfiguration(
            flush: seed % 2 == 0 ? .always : .system,
            segmentBytes: Int.random(in: 300...3_000, using: &random),
            indexIntervalBytes: Int.random(in: 1...400, using: &random),
            retentionMilliseconds: nil
        )
        log = try PartitionLog.open(Self.folder, files: files, configuration: configuration, at: 0).log
        // The folder of a partition lasts before anything is written to it.
        try files.syncFolder("data")
    }

    mutating func run(steps: Int) throws {
        for step in 0..<steps {
            now += Int64.random(in: 0...50, using: &random)
            if Int.random(in: 0..<25, using: &random) == 0 {
                files.set(.crash(atChange: files.changes + Int.random(in: 0...25, using: &random)))
            }
            do {
                try work()
            } catch let error as LogError where error.code == 56 {
                try crash()
            }
            try check("seed \(seed), step \(step)")
        }
    }

    mutating func count(_ what: String) { counts[what, default: 0] += 1 }

    private mutating func work() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<25: try appendPlain()
        case ..<50: try appendIdempotent()
        case ..<65: try appendTransactional()
        case ..<75: try endTransaction()
        case ..<85:
            try log.flush()
            model.flushed = model.end
            count("flush")
        case ..<87:
            checkpoint = log.recoveryPoint
        case ..<90: try retry()
        case ..<92: try deleteRecords()
        case ..<94: try retain()
        case ..<96: try log.roll()
        case ..<98: try restart()
        default: try crash()
        }
    }

    private mutating func records(_ count: Int) -> [LogModel.Record] {
        (0..<count).map { index in
            LogModel.Record(
                offset: log.endOffset + Int64(index),
                timestamp: now + Int64.random(in: -300...300, using: &random),
                value: (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
                }
            )
        }
    }

    /// Appends, and takes note of it even when the power went meanwhile: it may survive.
    private mutating func append(_ batch: LogModel.Batch) throws {
        var batch = batch
        batch.baseOffset = log.endOffset
        model.batches.append(batch)
        let result: AppendResult
        do {
            result = try write(batch)
        } catch {
            if error.code != 56 { model.batches.removeLast() }
            throw error
        }
        #expect(result.baseOffset == batch.baseOffset && result.lastOffset == batch.lastOffset && !result.isDuplicate)
        count("append")
    }

    private mutating func write(_ batch: LogModel.Batch) throws(LogError) -> AppendResult {
        let codec = CompressionCodec.allCases[Int(batch.baseOffset % 5)]
        var builder = RecordBatchBuilder(
            attributes: BatchAttributes(codec: codec, isTransactional: batch.isTransactional),
            producer: .init(id: batch.producerID, epoch: batch.epoch, baseSequence: batch.baseSequence)
        )
        for record in batch.records { builder.append(timestamp: record.timestamp, key: [1], value: record.value) }
        return try log.append(builder.build(), rules: BatchRules(), at: now)
    }

    private mutating func appendPlain() throws {
        let records = records(Int.random(in: 1...5, using: &random))
        try append(.init(baseOffset: 0, records: records))
    }

    private mutating func appendIdempotent() throws {
        let id = Int64.random(in: 100...103, using: &random)
        let state = model.state(of: id)
        var epoch = state?.epoch ?? 0
        var sequence = state?.next ?? 0
        if Int.random(in: 0..<15, using: &random) == 0 {
            epoch += 1
            sequence = 0
        }
        let records = records(Int.random(in: 1...4, using: &random))
        var batch = LogModel.Batch(
            baseOffset: log.endOffset,
            records: records,
            producerID: id,
            epoch: epoch,
            baseSequence: sequence
        )
        if state != nil, Int.random(in: 0..<8, using: &random) == 0 {
            // A batch is missing before this one, or it is of a producer that was replaced.
            let isOld = (state?.epoch ?? 0) > 0 && Bool.random(using: &random)
            if isOld { batch.epoch = (state?.epoch ?? 1) - 1 } else { batch.baseSequence += 1 }
            #expect(refusal(of: batch) == (isOld ? 47 : 45), "seed \(seed)")
            count("refused")
            return
        }
        try append(batch)
    }

    private mutating func appendTransactional() throws {
        let id = Int64.random(in: 200...203, using: &random)
        let state = model.state(of: id)
        let records = records(Int.random(in: 1...3, using: &random))
        let batch = LogModel.Batch(
            baseOffset: log.endOffset,
            records: records,
            producerID: id,
            epoch: state?.epoch ?? 0,
            baseSequence: state?.next ?? 0,
            isTransactional: true
        )
        if model.open(id) != nil, Int.random(in: 0..<6, using: &random) == 0 {
            var other = batch
            other.isTransactional = false
            #expect(refusal(of: other) == 48, "seed \(seed)")
        }
        try append(batch)
    }

    private mutating func refusal(of batch: LogModel.Batch) -> Int16? {
        do throws(LogError) {
            _ = try write(batch)
            return nil
        } catch { return error.code }
    }

    private mutating func endTransaction() throws {
        let id = Int64.random(in: 200...203, using: &random)
        guard let state = model.state(of: id) else { return }
        let kind: ControlRecord.Kind = Bool.random(using: &random) ? .abort : .commit
        // The coordinator raises the epoch when it ends a transaction that was too slow.
        let epoch = state.epoch + (Int.random(in: 0..<5, using: &random) == 0 ? 1 : 0)
        model.batches.append(
            .init(
                baseOffset: log.endOffset,
                records: [],
                producerID: id,
                epoch: epoch,
                isTransactional: true,
                marker: kind
            )
        )
        let result = try log.appendMarker(.init(kind, coordinatorEpoch: 0), producerID: id, epoch: epoch, at: now)
        #expect(result.baseOffset == model.batches.last?.baseOffset)
        count("\(kind)")
    }

    /// Sends batches again that are there.
    mutating func retry() throws {
        for id in [Int64](100...103) + [Int64](200...203) {
            for batch in model.state(of: id)?.last ?? [] where batch.baseOffset >= log.logStartOffset {
                let result = try write(batch)
                #expect(result.isDuplicate, "seed \(seed): producer \(id), number \(batch.baseSequence)")
                #expect(result.baseOffset == batch.baseOffset && result.lastOffset == batch.lastOffset)
                count("duplicate")
            }
        }
    }

    private mutating func deleteRecords() throws {
        let target = Int64.random(in: 0...log.highWatermark, using: &random)
        model.start = try log.deleteRecords(before: target)
        #expect(model.start >= target)
        noteRemoval()
    }

    /// Removing segments makes what is appended last.
    private mutating func noteRemoval() {
        model.start = log.logStartOffset
        model.flushed = max(model.flushed, min(model.end, log.recoveryPoint))
    }

    private mutating func retain() throws {
        log.configuration.retentionBytes = log.size * 2 / 3
        let stable = max(log.lastStableOffset, log.logStartOffset)
        if try log.retain(at: now) > 0 { count("retained") }
        log.configuration.retentionBytes = nil
        #expect(log.logStartOffset <= stable)
        noteRemoval()
    }
}
