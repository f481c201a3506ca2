import Foundation
import MartletCore
import Testing

@testable import MartletRuntime

struct TriggerPiecesTests {
    @Test(arguments: [
        "null", " true ", "0", "-0.5e+10", "1E5", #""a\u00ffA\n\"""#, "[]", "{}", #"{"a":[1,{"b":null}],"c":""}"#,
        "\t[ 1 , 2 ]\n", String(repeating: "[", count: 64) + String(repeating: "]", count: 64), "\"ü\"",
    ])
    func jsonIsKnown(text: String) throws {
        #expect(JSONScan.isValue(Array(text.utf8)))
        #expect((try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil)
    }

    @Test(arguments: [
        "", " ", "nul", "01", "1.", ".5", "+1", "1e", "-", "NaN", "'a'", "\"a", "\"\u{1}\"", #""\x""#, #""\u12g4""#,
        "[1,]",
        "[1 2]", "{a:1}", #"{"a" 1}"#, #"{"a":1,}"#, "{", "[", "1 2", "{}x",
        String(repeating: "[", count: 65) + String(repeating: "]", count: 65),
    ])
    func otherTextIsNot(text: String) { #expect(!JSONScan.isValue(Array(text.utf8))) }

    @Test func brokenUTF8IsNotJSON() { #expect(!JSONScan.isValue([0x22, 0xff, 0x22])) }

    @Test(arguments: [
        ("1", ScoreAnswer.json([0x31])), (" {\"a\":1} ", .json(Array("{\"a\":1}".utf8))),
        (#"{"error":"x"}"#, .failed("x")), (#"{ "error" : {"a":1}}"#, .failed(#"{"a":1}"#)),
        (#"{"error":"x","score":1}"#, .json(Array(#"{"error":"x","score":1}"#.utf8))),
    ])
    func answersAreRead(line: String, answer: ScoreAnswer) {
        #expect(Array(line.utf8).withUnsafeBytes { ScorerLines.answer($0) } == answer)
    }

    /// Events at random fail their batches; all others are answered, whatever the sizes.
    @Test(arguments: 1...50) func halvesFindWhatFails(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let count = Int.random(in: 1...120, using: &random)
        let poison = Set(
            (0..<Int.random(in: 0...6, using: &random)).map { _ in Int.random(in: 0..<count, using: &random) }
        )
        var queue = ScoringQueue(
            .init(
                inFlight: Int.random(in: 1...4, using: &random),
                attempts: Int.random(in: 1...4, using: &random),
                backoff: .seconds(1),
                backoffCeiling: .seconds(8),
                downLimit: .seconds(1_000_000)
            )
        )
        // One more that is answered, so that the scorer is known to be alive.
        var waiting = [[EventPlace(slot: 1, sequence: count)]]
        var next = 0
        while next < count {
            let size = Int.random(in: 1...40, using: &random)
            waiting.append((next..<min(next + size, count)).map { EventPlace(slot: 1, sequence: $0) })
            next += size
        }
        var (answered, dead, running): (Set<Int>, Set<Int>, [(number: Int, events: [EventPlace])]) = ([], [], [])
        var now = Duration.zero
        for _ in 0..<100_000 {
            while queue.hasRoom, !waiting.isEmpty { queue.add(waiting.removeFirst()) }
            while let batch = queue.start(at: now, { _ in true }) { running.append(batch) }
            guard !running.isEmpty else {
                guard let due = queue.nextDue else { break }
                now = max(due, now)
                continue
            }
            let batch = running.remove(at: Int.random(in: 0..<running.count, using: &random))
            if batch.events.contains(where: { poison.contains($0.sequence) }) {
                if case .dead(let place, _, _) = queue.fail(batch.number, FakeScorer.broken, at: now) {
                    #expect(dead.insert(place.sequence).inserted)
                }
            } else if case .answered(let places) = queue.succeed(batch.number) {
                for place in places { #expect(answered.insert(place.sequence).inserted) }
            }
        }
        #expect(dead == poison)
        #expect(answered == Set(0...count).subtracting(poison))
    }

    @Test func aBookCommitsOnlyWhatHasNoGap() {
        let partition = TopicPartition("t", 0)
        var book = TriggerBook()
        book.assign([partition])
        let places = (0..<4).compactMap { offset in
            book.add(ScoredInput(partition: partition, offset: Int64(offset * 2), key: nil, value: []))
        }
        #expect(places.count == 4)
        // What was read before is passed over.
        #expect(book.add(ScoredInput(partition: partition, offset: 6, key: nil, value: [])) == nil)
        book.settle(places[1], .answer([1]))
        #expect(!book.hasReady)
        #expect(book.cut(records: 10, bytes: 10).offsets.isEmpty)
        book.settle(places[0], .answer([0]))
        let cut = book.cut(records: 10, bytes: 10)
        #expect(cut.events.map(\.input.offset) == [0, 2])
        #expect(cut.offsets == [partition: 3])
        // Another member committed more than this one: that is done, too.
        book.finish(committed: [partition: 5])
        #expect(book.count == 1)
        book.settle(places[3], .answer([3]))
        book.note(partition, readTo: 9)
        #expect(book.cut(records: 10, bytes: 10).offsets == [partition: 9])
        book.finish(committed: nil)
        #expect(book.count == 0)
        #expect(book.isDone(partition, upTo: 9) == true)
    }

    @Test func metricsAreText() {
        var status = TriggerStatus()
        status.answers = 3
        status.lag = [TopicPartition("in", 1): 7]
        let text = TriggerMetricsText.render([("g\"", "in", status)])
        #expect(text.contains("# TYPE stream_trigger_answers_total counter\n"))
        #expect(text.contains("stream_trigger_answers_total{consumergroup=\"g\\\"\",topic=\"in\"} 3\n"))
        #expect(text.contains("stream_trigger_lag{consumergroup=\"g\\\"\",topic=\"in\",partition=\"1\"} 7\n"))
    }
}
