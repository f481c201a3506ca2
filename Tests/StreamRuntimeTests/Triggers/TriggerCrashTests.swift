import MartletCore
import MartletTestKit
import Synchronization
import Testing

@testable import MartletRuntime

/// A flag that tasks share.
final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock(\.self) }
    func set() { state.withLock { $0 = true } }
}

/// A trigger that crashes at each point where it waits for something, and is started again.
@Suite(.timeLimit(.minutes(30)))
struct TriggerCrashTests {
    private func texts(_ count: Int) -> [String?] {
        (0..<count).map { $0 % 11 == 5 ? "bad\($0)" : $0 == 7 ? "poison\($0)" : $0 == 9 ? nil : "e\($0)" }
    }

    /// Runs one life; true when it came to its end.
    private func live(_ bench: TriggerBench, _ options: EventTriggerOptions, points: Int) async throws -> Bool {
        let life = Life(points: points)
        let run = Task {
            try await bench.run(
                options,
                client: CrashingStreams(base: bench.streams, life: life),
                scorer: CrashingScorer(base: FakeScorer(FakeScorer.usual), life: life)
            )
        }
        let end = Task {
            for await _ in life.end.stream {}
            run.cancel()
        }
        let result = await run.result
        life.end.continuation.finish()
        await end.value
        if life.isOver { return false }
        // What may be a poisoned event, or a scorer that answers nothing, ends a life after one such event.
        if case .failure(let error as MartletError) = result, error.code == .scorerDown { return false }
        #expect(try result.get().ending == .end)
        return true
    }

    @Test(arguments: [1, 4]) func atEachPoint(batch: Int) async throws {
        var points = 1
        while true {
            let bench = TriggerBench()
            try await bench.write(texts(24))
            var options = bench.options
            options.batchRecords = batch
            let isWhole = try await live(bench, options, points: points)
            if !isWhole { #expect(try await live(bench, options, points: .max)) }
            #expect(bench.faults() == [], "crash at point \(points)")
            if isWhole { break }
            points += 1
            try #require(points < 5_000)
        }
        #expect(points > 30)
    }

    @Test(arguments: 1...60) func againAndAgain(seed: UInt64) async throws {
        var random = SeededNumbers(seed: seed)
        let bench = TriggerBench(partitions: Int.random(in: 1...4, using: &random))
        var options = bench.options
        options.batchRecords = Int.random(in: 1...9, using: &random)
        options.inFlight = Int.random(in: 1...4, using: &random)
        options.bufferedRecords = Int.random(in: 1...40, using: &random)
        options.attempts = Int.random(in: 1...3, using: &random)
        options.downLimit = .zero
        var lives = 0
        for round in 0..<4 {
            try await bench.write(texts(Int.random(in: 1...40, using: &random)))
            while lives < 200 {
                lives += 1
                let isLast = round == 3 && lives > 25
                if try await live(bench, options, points: isLast ? .max : .random(in: 1...90, using: &random)) { break }
            }
        }
        #expect(bench.faults() == [], "seed \(seed)")
    }
}

/// Random numbers that are the same each time (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var seed: UInt64

    mutating func next() -> UInt64 {
        seed &+= 0x9e37_79b9_7f4a_7c15
        var mixed = seed
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
