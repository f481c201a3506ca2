import MartletCore
import Testing

extension StreamClientConformance {
    func checkPositions(_ bench: StreamClientBench) async throws {
        let topic = try await bench.topic(rawValue, partitions: 2)
        let (first, second) = (TopicPartition(topic, 0), TopicPartition(topic, 1))
        let texts = (0..<10).map { "\($0)" }
        switch self {
        case .goesOnWhereItsGroupWas:
            try await bench.send(texts, to: topic, 0)
            let before = try await bench.source([topic])
            _ = try await bench.read(before, count: 10)
            try await before.commit([first: CommittedOffset(4, metadata: "mañana")])
            await before.close()
            let after = try await bench.source([topic])
            let seen = try await bench.read(after, count: 6)
            #expect(seen.map(\.offset) == Array(4..<10))
            // Only what was committed is known, with its text.
            let text = bench.lacks.contains(.commitMetadata) ? "" : "mañana"
            #expect(try await after.committed([first, second]) == [first: CommittedOffset(4, metadata: text)])
            await after.close()
            let other = try await bench.source([topic], group: "other")
            #expect(try await bench.read(other, count: 10).map(\.offset) == Array(0..<10))
            await other.close()
        case .startsWhereItIsTold:
            try await bench.send(texts, to: topic, 0)
            try await bench.send(texts, to: topic, 1)
            let source = try await bench.source([topic])
            let seen = try await bench.read(source) { seen, event in
                if case .assigned(let partitions) = event {
                    #expect(partitions == [first, second])
                    try await source.acceptAssignment(startingAt: [first: 7])
                }
                return seen.count >= 13
            }
            #expect(seen.filter { $0.partition == first }.map(\.offset) == Array(7..<10))
            #expect(seen.filter { $0.partition == second }.map(\.offset) == Array(0..<10))
            await #expect(throws: StreamError.self) { try await source.acceptAssignment(startingAt: [:]) }
            await #expect(throws: StreamError.self) { try await source.acceptRevocation() }
            await source.close()
        case .startsAtTheEnd:
            try await bench.send(texts, to: topic, 0)
            let source = try await bench.source([topic], start: .latest)
            _ = try await bench.read(source) { _, event in
                guard case .reachedEnd(first, let offset) = event else { return false }
                #expect(offset == 10)
                return true
            }
            try await bench.send(["new"], to: topic, 0)
            #expect(try await bench.read(source, count: 1).map(\.value) == ["new"])
            await source.close()
        case .readsPartitionsWithoutAGroup:
            try await bench.send(texts, to: topic, 0)
            try await bench.send(texts, to: topic, 1)
            let group = bench.name("alone")
            let request = SourceRequest(group: group, assignment: .partitions([first: 6, second: Int64?.none]))
            let source = try await bench.client.open(request)
            let seen = try await bench.read(source, count: 14)
            #expect(seen.filter { $0.partition == first }.map(\.offset) == Array(6..<10))
            try await source.commit([second: CommittedOffset(8)])
            await source.close()
            let again = try await bench.client.open(
                SourceRequest(group: group, assignment: .partitions([second: Int64?.none]))
            )
            #expect(try await bench.read(again, count: 2).map(\.offset) == [8, 9])
            await again.close()
        case .pausesAndResumes: try await checkPausing(bench, first, second)
        default: try await checkSeeking(bench, first, second)
        }
    }

    private func checkPausing(
        _ bench: StreamClientBench,
        _ first: TopicPartition,
        _ second: TopicPartition
    ) async throws {
        let topic = first.topic
        try await bench.send((0..<200).map { "\($0)" }, to: topic, 0)
        // Small batches, so that much is fetched and not told when a partition is paused.
        let source = try await bench.source([topic], batchRecords: 7)
        var seen = try await bench.read(source, count: 20)
        try await source.pause([first])
        try await source.pause([first])
        try await bench.send(["other"], to: topic, 1)
        var others = try await bench.read(source) { seen, _ in seen.contains { $0.partition == second } }
        // What was told before the pause is all that there is of the paused partition.
        #expect(others.allSatisfy { $0.partition == second })
        try await source.resume([first])
        try await source.resume([first, second])
        seen += try await bench.read(source, count: 200 - seen.count)
        // More rounds: each may be hit where the library forgets or repeats records.
        for round in 0..<5 {
            try await source.pause([first, second])
            try await source.resume([second, first])
            try await bench.send(["x\(round)"], to: topic, 0)
            seen += try await bench.read(source, count: 1)
        }
        try await bench.send(["last"], to: topic, 1)
        others += try await bench.read(source, count: 1)
        #expect(seen.map(\.offset) == Array(0..<205))
        #expect(others.map(\.value) == ["other", "last"])
        await #expect(throws: StreamError.self) { try await source.pause([TopicPartition(topic, 5)]) }
        await source.close()
    }

    private func checkSeeking(
        _ bench: StreamClientBench,
        _ first: TopicPartition,
        _ second: TopicPartition
    ) async throws {
        try await bench.send((0..<100).map { "\($0)" }, to: first.topic, 0)
        let source = try await bench.source([first.topic], batchRecords: 9)
        _ = try await bench.read(source, count: 30)
        for offset in [Int64(5), 90, 0, 50] {
            try await source.seek(to: [first: offset])
            let seen = try await bench.read(source, count: 10)
            #expect(seen.map(\.offset).prefix(10) == ArraySlice(offset..<(offset + 10)))
        }
        await #expect(throws: StreamError.self) { try await source.seek(to: [TopicPartition(first.topic, 9): 0]) }
        await source.close()
        await #expect(throws: StreamError.self) { try await source.seek(to: [first: 0]) }
    }
}
