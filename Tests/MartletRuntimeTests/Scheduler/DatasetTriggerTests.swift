import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

/// Which runs writings of datasets call for; pure.
@Suite(.tags(.machine)) struct DatasetTriggerTests {
    private static let ab = DatasetCondition.all(["a", "b"])
    private static let any = DatasetCondition.any(["a", "b"])

    /// `a0 b5` is a writing of `a` at second 0 and one of `b` at second 5.
    private static func events(_ text: String) -> [DatasetEvent] {
        text.split(separator: " ").enumerated().map { index, word in
            DatasetEvent(
                position: index + 1,
                dataset: DatasetID(trusted: String(word.prefix(1))),
                at: Timestamp(microseconds: (Int64(word.dropFirst()) ?? 0) * 1_000_000)
            )
        }
    }

    private static func text(_ batches: [[DatasetEvent]]) -> String {
        batches.map { batch in
            batch.map { "\($0.dataset)\($0.at.microseconds / 1_000_000)" }.joined(separator: " ")
        }.joined(separator: " | ")
    }

    @Test(arguments: [
        (any, "a0 a1 b2", "a0 | a1 | b2"), (ab, "a0 a1 b2 b3 a4", "a0 a1 b2 | b3 a4"), (ab, "a0 a1", ""),
        (any, "c0 a1 c2", "a1"), (ab, "", ""),
    ])
    func eachSatisfyingWritingIsARun(_ condition: DatasetCondition, _ written: String, _ runs: String) {
        let decision = DatasetTrigger(condition, policy: .each)
            .decide(Self.events(written), hasQueuedRun: false, at: Timestamp(microseconds: 0))
        #expect(Self.text(decision.batches) == runs)
        #expect(!decision.wantsCollapsedRun)
    }

    @Test(arguments: [
        (any, "a0", false, true), (any, "a0", true, false), (ab, "a0", false, false), (ab, "a0 b1", false, true),
        (any, "c0", false, false), (any, "", false, false),
    ])
    func collapsedRunsAreOneAtATime(_ condition: DatasetCondition, _ written: String, _ hasQueued: Bool, _ wants: Bool)
    {
        let decision = DatasetTrigger(condition, policy: nil)
            .decide(Self.events(written), hasQueuedRun: hasQueued, at: Timestamp(microseconds: 0))
        #expect(decision.wantsCollapsedRun == wants)
        #expect(decision.batches.isEmpty)
    }

    private static let duration = DatasetWindow(durationSeconds: 60)
    private static let quiet = DatasetWindow(quietSeconds: 30)
    private static let count = DatasetWindow(count: 2)
    private static let both = DatasetWindow(durationSeconds: 60, quietSeconds: 30)

    @Test(
        arguments: [
            (any, duration, "a0 a10", 59, "", 60), (any, duration, "a0 a10", 60, "a0 a10", nil),
            (any, duration, "a0 a59 a60 a61", 70, "a0 a59", 120), (ab, duration, "a0", 99, "", nil),
            (ab, duration, "a0 b100", 100, "a0 b100", nil), (any, quiet, "a0 a20 a45", 74, "", 75),
            (any, quiet, "a0 a20 a45 a80", 90, "a0 a20 a45", 110), (any, count, "a0 a1 a2", 9, "a0 a1", nil),
            (ab, count, "a0 a1 b2 b3", 9, "a0 a1 b2", nil), (any, both, "a0 a20 a40 a59", 61, "a0 a20 a40 a59", nil),
        ] as [(DatasetCondition, DatasetWindow, String, Int64, String, Int64?)]
    )
    func windowsCloseByTheirBounds(
        _ condition: DatasetCondition,
        _ window: DatasetWindow,
        _ written: String,
        _ now: Int64,
        _ runs: String,
        _ next: Int64?
    ) {
        let decision = DatasetTrigger(condition, policy: .window(window))
            .decide(Self.events(written), hasQueuedRun: false, at: Timestamp(microseconds: now * 1_000_000))
        #expect(Self.text(decision.batches) == runs)
        #expect(decision.lookAgain == next.map { Timestamp(microseconds: $0 * 1_000_000) })
    }

    @Test(arguments: 0..<200) func theRunsDoNotDependOnHowOftenSomeoneLooks(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var second: Int64 = 0
        let words = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            second += Int64.random(in: 0...40, using: &random)
            return "\(["a", "b", "c"].randomElement(using: &random) ?? "a")\(second)"
        }
        let events = Self.events(words.joined(separator: " "))
        let policies: [DatasetPolicy] =
            [.each] + [Self.duration, Self.quiet, Self.count, Self.both].map { .window($0) }
        let policy = policies.randomElement(using: &random) ?? .each
        let trigger = DatasetTrigger(Bool.random(using: &random) ? Self.any : Self.ab, policy: policy)
        let end = second + 1000
        let whole = trigger.decide(events, hasQueuedRun: false, at: Timestamp(microseconds: end * 1_000_000)).batches
        // Someone looks at random seconds, and takes what each look finds.
        var looks = (0..<40).map { _ in Int64.random(in: 0...(end - 1), using: &random) }.sorted()
        looks.append(end)
        var taken = 0
        var found: [[DatasetEvent]] = []
        for look in looks {
            let now = Timestamp(microseconds: look * 1_000_000)
            // Writings of this very second come after the look.
            let known = events.filter { $0.at < now && $0.position > taken }
            for batch in trigger.decide(known, hasQueuedRun: false, at: now).batches {
                found.append(batch)
                taken = batch.last?.position ?? taken
            }
        }
        #expect(found == whole, "seed \(seed), \(words), \(policy)")
    }
}
