import Testing

@testable import MartletBroker

/// A log with few words, for tests.
struct LogBench {
    static let folder = "data/t-0"
    var files = SimulatedFiles()
    var log: PartitionLog
    var configuration: LogConfiguration

    init(_ configuration: LogConfiguration = LogConfiguration(), files: SimulatedFiles = SimulatedFiles()) throws {
        self.configuration = configuration
        self.files = files
        log = try PartitionLog.open(Self.folder, files: files, configuration: configuration, at: 0).log
        try files.syncFolder("data")
    }

    static func batch(
        _ values: [String?],
        keys: [String?] = [],
        producer: RecordBatchBuilder.Producer = .none,
        isTransactional: Bool = false,
        at timestamp: Int64 = 100,
        codec: CompressionCodec = .none
    ) throws -> [UInt8] {
        var builder = RecordBatchBuilder(
            attributes: BatchAttributes(codec: codec, isTransactional: isTransactional),
            producer: producer
        )
        for (index, value) in values.enumerated() {
            let key = keys.isEmpty ? "k" : keys[index]
            builder.append(
                timestamp: timestamp + Int64(index),
                key: key.map { Array($0.utf8) },
                value: value.map { Array($0.utf8) }
            )
        }
        return try builder.build()
    }

    @discardableResult
    func append(
        _ values: String?...,
        producer: (id: Int64, epoch: Int16, sequence: Int32)? = nil,
        isTransactional: Bool = false,
        at timestamp: Int64 = 100
    ) throws -> AppendResult {
        let producer = producer.map {
            RecordBatchBuilder.Producer(id: $0.id, epoch: $0.epoch, baseSequence: $0.sequence)
        }
        let bytes = try Self.batch(
            values,
            producer: producer ?? .none,
            isTransactional: isTransactional,
            at: timestamp
        )
        return try log.append(bytes, rules: BatchRules(), at: timestamp)
    }

    /// The code that an append is refused with.
    func code(_ body: () throws -> AppendResult) throws -> Int16? {
        do {
            _ = try body()
            return nil
        } catch let error as LogError {
            return error.code
        }
    }

    func end(_ kind: ControlRecord.Kind, _ id: Int64, epoch: Int16 = 0, coordinator: Int32 = 0) throws -> AppendResult {
        try log.appendMarker(.init(kind, coordinatorEpoch: coordinator), producerID: id, epoch: epoch, at: 200)
    }

    /// Offset and value of all that a reader sees from an offset on.
    func values(from start: Int64? = nil, _ isolation: PartitionLog.Isolation = .readUncommitted) throws -> [String] {
        var next = start ?? log.logStartOffset
        var found: [String] = []
        while next < log.latestOffset(isolation) {
            let read = try log.read(from: next, maxBytes: 1 << 20, isolation: isolation)
            found += try ModelConsumer.records(read, from: next).map { record in
                "\(record.offset)=\(String(decoding: record.value, as: UTF8.self))"
            }
            guard let last = try ModelConsumer.batches(read).last else { break }
            next = last.lastOffset + 1
        }
        return found
    }

    /// Opens the log again after the process was killed, with what the files hold now.
    @discardableResult
    mutating func reopen(isClean: Bool = false, recoveryPoint: Int64? = nil) throws -> RecoveryReport {
        files = files.restarted()
        let (log, report) = try PartitionLog.open(
            Self.folder,
            files: files,
            configuration: configuration,
            recoveryPoint: recoveryPoint,
            isClean: isClean,
            at: 300
        )
        self.log = log
        return report
    }

    func path(_ offset: Int64, _ part: SegmentName.Part = .log) -> String {
        "\(Self.folder)/\(SegmentName.text(offset, part))"
    }
}
