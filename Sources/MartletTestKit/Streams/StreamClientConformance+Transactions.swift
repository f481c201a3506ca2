import MartletCore
import Testing

extension StreamClientConformance {
    func checkTransactions(_ bench: StreamClientBench) async throws {
        let topic = try await bench.topic(rawValue, partitions: 1)
        let place = TopicPartition(topic, 0)
        let id = bench.name("\(rawValue)-id")
        let sink = try await bench.client.open(SinkRequest(transactionalID: id))
        switch self {
        case .commitsTransactions:
            for round in 0..<3 {
                try await sink.beginTransaction()
                try await bench.send(["\(round)a", "\(round)b"], to: topic, by: sink)
                try await sink.commitTransaction(offsets: [:], of: nil)
            }
            let source = try await bench.source([topic])
            #expect(try await bench.read(source, count: 6).map(\.value) == ["0a", "0b", "1a", "1b", "2a", "2b"])
            await source.close()
        case .abortsTransactions:
            try await sink.beginTransaction()
            try await bench.send(["undone"], to: topic, by: sink)
            try await sink.abortTransaction()
            try await sink.beginTransaction()
            try await bench.send(["done"], to: topic, by: sink)
            // Nothing of an open transaction shows.
            let before = try await bench.source([topic], group: "before")
            let early = try await bench.read(before) { seen, event in
                if case .reachedEnd = event { return true }
                return !seen.isEmpty
            }
            if bench.isolates { #expect(early == []) }
            await before.close()
            try await sink.commitTransaction(offsets: [:], of: nil)
            let source = try await bench.source([topic])
            let seen = try await bench.read(source) { seen, _ in seen.contains { $0.value == "done" } }
            if bench.isolates { #expect(seen.map(\.value) == ["done"]) }
            await source.close()
        case .takesOffsetsIntoTransactions:
            try await bench.send(["a", "b", "c"], to: topic)
            let source = try await bench.source([topic])
            _ = try await bench.read(source, count: 3)
            let token = try await source.groupToken()
            let output = try await bench.topic("\(rawValue)-out", partitions: 1)
            try await sink.beginTransaction()
            try await bench.send(["a2"], to: output, by: sink)
            try await sink.commitTransaction(offsets: [place: CommittedOffset(1)], of: token)
            #expect(try await source.committed([place]) == [place: CommittedOffset(1)])
            if bench.isolates {
                try await sink.beginTransaction()
                try await bench.send(["b2"], to: output, by: sink)
                try await sink.abortTransaction()
                #expect(try await source.committed([place]) == [place: CommittedOffset(1)])
            }
            await source.close()
        default:
            try await sink.beginTransaction()
            try await bench.send(["undone"], to: topic, by: sink)
            let next = try await bench.client.open(SinkRequest(transactionalID: id))
            let error = await #expect(throws: StreamError.self) {
                try await sink.commitTransaction(offsets: [:], of: nil)
            }
            #expect(error?.disposition == .fatal)
            try await next.beginTransaction()
            try await bench.send(["done"], to: topic, by: next)
            try await next.commitTransaction(offsets: [:], of: nil)
            let source = try await bench.source([topic])
            let seen = try await bench.read(source) { seen, _ in seen.contains { $0.value == "done" } }
            if bench.isolates { #expect(seen.map(\.value) == ["done"]) }
            await source.close()
            await next.close()
        }
        await sink.close()
    }
}
