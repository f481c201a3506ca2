import MartletCore
import Testing

/// What every client of streams does.
///
/// Each case is one behaviour; a test runs them all on the fake and on each broker.
public enum StreamClientConformance: String, CaseIterable, Sendable {
    case deliversInOrder
    case keepsAllPartsOfRecords
    case tellsTheEnd
    case goesOnWhereItsGroupWas
    case startsWhereItIsTold
    case startsAtTheEnd
    case readsPartitionsWithoutAGroup
    case pausesAndResumes
    case seeks
    case handsPartitionsOver
    case commitsBeforePartitionsLeave
    case endsWhenItIsClosed
    case canBeCancelled
    case reportsEachRecord
    case describesTopics
    case findsOffsetsByTime
    case commitsTransactions
    case abortsTransactions
    case takesOffsetsIntoTransactions
    case fencesSinks

    /// Checks the behaviour.
    ///
    /// - Throws: when something that the check itself needs fails.
    public func check(_ bench: StreamClientBench) async throws {
        if let needed, bench.lacks.contains(needed) { return }
        switch self {
        case .deliversInOrder, .keepsAllPartsOfRecords, .tellsTheEnd, .reportsEachRecord, .describesTopics,
            .findsOffsetsByTime:
            try await checkRecords(bench)
        case .goesOnWhereItsGroupWas, .startsWhereItIsTold, .startsAtTheEnd, .readsPartitionsWithoutAGroup,
            .pausesAndResumes, .seeks:
            try await checkPositions(bench)
        case .handsPartitionsOver, .commitsBeforePartitionsLeave, .endsWhenItIsClosed, .canBeCancelled:
            try await checkMembers(bench)
        case .commitsTransactions, .abortsTransactions, .takesOffsetsIntoTransactions, .fencesSinks:
            try await checkTransactions(bench)
        }
    }

    /// What brokers have to be able to do for it.
    private var needed: StreamClientBench.Shortcoming? {
        switch self {
        case .findsOffsetsByTime: .timeLookup
        case .takesOffsetsIntoTransactions: .transactionalOffsets
        case .fencesSinks: .fencing
        default: nil
        }
    }

    private func checkRecords(_ bench: StreamClientBench) async throws {
        switch self {
        case .deliversInOrder:
            let topic = try await bench.topic("order", partitions: 3)
            for partition in Int32(0)..<3 {
                try await bench.send((0..<1_000).map { "\(partition)/\($0)" }, to: topic, partition)
            }
            let source = try await bench.source([topic])
            let seen = try await bench.read(source, count: 3_000)
            for partition in Int32(0)..<3 {
                let part = seen.filter { $0.partition.partition == partition }
                #expect(part.map(\.value) == (0..<1_000).map { "\(partition)/\($0)" })
                #expect(part.map(\.offset) == Array(0..<1_000))
            }
            await source.close()
        case .keepsAllPartsOfRecords:
            try await checkParts(bench)
        case .tellsTheEnd:
            let topic = try await bench.topic("end", partitions: 1)
            try await bench.send(["a", "b"], to: topic)
            let source = try await bench.source([topic])
            var ends = [Int64]()
            let seen = try await bench.read(source) { _, event in
                guard case .reachedEnd(let partition, let offset) = event else { return false }
                #expect(partition == TopicPartition(topic, 0))
                ends.append(offset)
                return true
            }
            #expect(seen.map(\.value) == ["a", "b"])
            #expect(ends == [2])
            await source.close()
        case .reportsEachRecord:
            let topic = try await bench.topic("report", partitions: 2)
            let sink = try await bench.client.open(SinkRequest())
            var records = OutgoingRecords()
            for partition in [Int32(0), 7, 1, 0] {
                records.append(to: topic, partition: partition, key: nil, value: [UInt8(partition)])
            }
            let report = try await sink.send(records)
            #expect(report.count == 4)
            #expect(Set(report.failures.keys) == [1])
            #expect(report.lastOffsets == [TopicPartition(topic, 0): 1, TopicPartition(topic, 1): 0])
            #expect(throws: StreamError.self) { try report.check() }
            #expect(try await sink.send(OutgoingRecords()) == DeliveryReport(count: 0))
            await sink.close()
            await #expect(throws: StreamError.self) { _ = try await sink.send(records) }
        case .describesTopics:
            let topic = try await bench.topic("about", partitions: 3)
            #expect(try await bench.client.partitions(of: topic) == (0..<3).map { TopicPartition(topic, $0) })
            #expect(try await bench.client.partitions(of: bench.name("none")) == [])
            // Asking has not made it.
            #expect(try await bench.client.partitions(of: bench.name("none")) == [])
            if bench.lacks.contains(.ends) { return }
            try await bench.send(["a", "b", "c"], to: topic, 1)
            #expect(try await bench.client.offsets(of: TopicPartition(topic, 1)) == OffsetRange(low: 0, high: 3))
            #expect(try await bench.client.offsets(of: TopicPartition(topic, 0)) == OffsetRange(low: 0, high: 0))
        default: try await checkTimes(bench)
        }
    }

    private func checkParts(_ bench: StreamClientBench) async throws {
        let topic = try await bench.topic("parts", partitions: 1)
        let headers = [
            RecordHeader("a", [1, 0, 2]), RecordHeader("n", nil), RecordHeader("a", []), RecordHeader("ü", text: "ö"),
        ]
        var records = OutgoingRecords()
        let bytes = (0..<256).map { UInt8($0) }
        records.append(
            to: topic,
            partition: 0,
            key: bytes,
            value: bytes,
            timestamp: 1_700_000_000_123,
            headers: headers
        )
        records.append(to: topic, partition: 0, key: nil, value: [7], timestamp: 1_700_000_000_124)
        records.append(to: topic, partition: 0, key: [1], value: nil, timestamp: 1)
        records.append(to: topic, partition: 0, key: [], value: [], timestamp: 1_700_000_000_125)
        let large = (0..<500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        records.append(to: topic, partition: 0, key: [2], value: large, timestamp: 1_700_000_000_126)
        let sink = try await bench.client.open(SinkRequest())
        try await sink.send(records).check()
        await sink.close()

        let source = try await bench.source([topic])
        var parts = [(key: [UInt8]?, value: [UInt8]?, time: Int64, headers: [RecordHeader])]()
        var batches = [ConsumedBatch]()
        _ = try await bench.read(source) { _, event in
            if case .batch(let batch) = event { batches.append(batch) }
            return batches.reduce(0) { $0 + $1.count } >= 5
        }
        // A batch holds its bytes also when its source is gone.
        await source.close()
        for batch in batches {
            batch.visit { record in
                parts.append(
                    (record.key.map { Array($0) }, record.value.map { Array($0) }, record.timestamp, record.headers)
                )
            }
        }
        #expect(parts.map(\.key) == [bytes, nil, [1], [], [2]])
        #expect(parts.map(\.value) == [bytes, [7], nil, [], large])
        #expect(parts.map(\.time) == [1_700_000_000_123, 1_700_000_000_124, 1, 1_700_000_000_125, 1_700_000_000_126])
        #expect(parts.map(\.headers) == [headers, [], [], [], []])
    }

    private func checkTimes(_ bench: StreamClientBench) async throws {
        let topic = try await bench.topic("times", partitions: 1)
        let place = TopicPartition(topic, 0)
        let sink = try await bench.client.open(SinkRequest())
        // One batch a record: brokers that keep times by batch find them too.
        for number in Int64(0)..<4 {
            var records = OutgoingRecords()
            records.append(to: topic, partition: 0, key: nil, value: [1], timestamp: 1_700_000_000_000 + number * 10)
            try await sink.send(records).check()
        }
        await sink.close()
        #expect(try await bench.client.offsets(atTimes: [place: 1_700_000_000_010]) == [place: 1])
        #expect(try await bench.client.offsets(atTimes: [place: 1_700_000_000_011]) == [place: 2])
        #expect(try await bench.client.offsets(atTimes: [place: 1]) == [place: 0])
        #expect(try await bench.client.offsets(atTimes: [place: 1_800_000_000_000]) == [place: Int64?.none])
    }
}
