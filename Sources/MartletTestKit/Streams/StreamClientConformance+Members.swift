import MartletCore
import Testing

extension StreamClientConformance {
    func checkMembers(_ bench: StreamClientBench) async throws {
        let topic = try await bench.topic(rawValue, partitions: 4)
        switch self {
        case .handsPartitionsOver: try await checkHandover(bench, topic)
        case .commitsBeforePartitionsLeave: try await checkCommitting(bench, topic)
        case .endsWhenItIsClosed:
            let source = try await bench.source([topic])
            _ = try await bench.read(source) { _, event in
                if case .assigned = event { true } else { false }
            }
            async let ended: Void = {
                while try await source.next() != nil {}
            }()
            await source.close()
            try await ended
            #expect(try await source.next() == nil)
            await #expect(throws: StreamError.self) {
                try await source.commit([TopicPartition(topic, 0): CommittedOffset(0)])
            }
            await source.close()
        default:
            let source = try await bench.source([topic])
            let ends = Set((0..<4).map { TopicPartition(topic, Int32($0)) })
            var told: Set<TopicPartition> = []
            _ = try await bench.read(source) { _, event in
                if case .reachedEnd(let partition, _) = event { told.insert(partition) }
                return told == ends
            }
            // Nothing more comes by itself: this waits until it is cancelled.
            let waiting = Task { () async throws(StreamError) in try await source.next() }
            waiting.cancel()
            let error = await #expect(throws: StreamError.self) { _ = try await waiting.value }
            #expect(error?.disposition == .cancelled)
            try await bench.send(["a", "b"], to: topic)
            #expect(try await bench.read(source, count: 2).map(\.value) == ["a", "b"])
            await source.close()
        }
    }

    /// Two members share, and when one leaves the other has all again.
    private func checkHandover(_ bench: StreamClientBench, _ topic: String) async throws {
        let all = Set((0..<4).map { TopicPartition(topic, Int32($0)) })
        let first = try await bench.source([topic])
        let second = bench
        var held: Set<TopicPartition> = []
        _ = try await bench.read(first) { _, event in
            if case .assigned(let partitions) = event { held = partitions }
            return !held.isEmpty
        }
        #expect(held == all)
        let joined = Task { () -> Set<TopicPartition> in
            let source = try await second.source([topic])
            var given: Set<TopicPartition> = []
            _ = try await second.read(source) { _, event in
                if case .assigned(let partitions) = event { given = partitions }
                return !given.isEmpty
            }
            try await source.acceptAssignment(startingAt: [:])
            await source.close()
            return given
        }
        var shares = [Set<TopicPartition>]()
        var revoked = 0
        _ = try await bench.read(first) { _, event in
            switch event {
            case .assigned(let partitions): shares.append(partitions)
            case .revoked(let partitions, let isLost):
                #expect(!isLost)
                #expect(partitions.isSubset(of: all))
                revoked += 1
            case .batch, .reachedEnd: break
            }
            return shares.last == all
        }
        let given = try await joined.value
        #expect(given.count == 2)
        #expect(shares.contains(all.subtracting(given)))
        #expect(revoked >= 2)
        await first.close()
    }

    /// What a member commits when it is told that its partitions go, the next does not read again.
    private func checkCommitting(_ bench: StreamClientBench, _ topic: String) async throws {
        for partition in Int32(0)..<4 {
            try await bench.send((0..<50).map { "\(partition)/\($0)" }, to: topic, partition)
        }
        let first = try await bench.source([topic])
        var done = [TopicPartition: Int64]()
        var seen = try await bench.read(first, count: 200)
        for record in seen { done[record.partition] = record.offset + 1 }
        let joined = Task { () -> [StreamClientBench.Seen] in
            let source = try await bench.source([topic])
            defer { Task { await source.close() } }
            return try await bench.read(source) { seen, _ in seen.contains { $0.value == "stop" } }
        }
        var hasCommitted = false
        seen += try await bench.read(first) { _, event in
            guard case .revoked(let partitions, _) = event else { return false }
            // The partitions are still this member's, so that the commit is taken.
            let offsets = done.filter { partitions.contains($0.key) }.mapValues { CommittedOffset($0) }
            if bench.lacks.contains(.commitInRebalance) {
                await #expect(throws: StreamError.self) { try await first.commit(offsets) }
            } else {
                try await first.commit(offsets)
            }
            try await first.acceptRevocation()
            hasCommitted = true
            return true
        }
        #expect(hasCommitted)
        await first.close()
        for partition in Int32(0)..<4 { try await bench.send(["stop"], to: topic, partition) }
        let others = try await joined.value
        if !bench.lacks.contains(.commitInRebalance) { #expect(others.allSatisfy { $0.value == "stop" }) }
        #expect(seen.count == 200)
    }
}
