import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct BackfillTests {
    private static func backfill(
        _ days: ClosedRange<Int>,
        limit: Int,
        reprocess: ReprocessRule = .none,
        existing: [Int: RunState] = [:]
    ) throws -> Backfill {
        let runs = Dictionary(
            uniqueKeysWithValues: existing.map {
                (Days.start($0), BackfillPlan.ExistingRun(RunID(trusted: "old-\($0)"), $1))
            }
        )
        let plan = try Days.plan(days, limit: limit, reprocess: reprocess, existing: runs)
        let record = BackfillRecord(
            id: "churn-b",
            request: Days.request(days, limit: limit, reprocess: reprocess),
            createdAt: Days.start(100),
            dates: plan.dates
        )
        return Backfill(record)
    }

    private static func run(_ ordinal: Int) -> RunID { RunID(trusted: "churn-\(ordinal)") }

    @Test func startsInOrderUnderItsLimit() throws {
        var backfill = try Self.backfill(1...5, limit: 2)
        #expect(backfill.starts.map(\.ordinal) == [0, 1])
        backfill.begin(0, as: Self.run(0))
        #expect(backfill.starts.map(\.ordinal) == [1])
        backfill.begin(1, as: Self.run(1))
        backfill.begin(1, as: Self.run(9))
        #expect(backfill.starts.isEmpty)
        backfill.fold(Self.run(0), .running)
        #expect(backfill.starts.isEmpty)
        backfill.fold(Self.run(1), .failed)
        #expect(backfill.starts.map(\.ordinal) == [2])
        #expect(backfill.record.dates[1].run == Self.run(1))
        #expect(
            backfill.progress
                == Backfill.Progress(waiting: 3, active: 1, succeeded: 0, failed: 1, skipped: 0, dropped: 0)
        )
        let isOwn = backfill.fold(RunID(trusted: "stranger"), .success)
        #expect(!isOwn)
    }

    @Test func leavesOutWhatIsSkippedAndRunsAgainWhatIsToRunAgain() throws {
        var backfill = try Self.backfill(
            1...4,
            limit: 1,
            reprocess: .failed,
            existing: [1: .success, 3: .failed, 4: .running]
        )
        #expect(backfill.starts.map(\.ordinal) == [1])
        backfill.begin(1, as: Self.run(1))
        backfill.fold(Self.run(1), .success)
        #expect(backfill.starts.map(\.run) == [RunID(trusted: "old-3")])
        // Its state of before does not count for the backfill.
        let isOwn = backfill.fold(RunID(trusted: "old-3"), .failed)
        #expect(!isOwn)
        backfill.begin(2, as: RunID(trusted: "old-3"))
        #expect(backfill.record.state == .running)
        backfill.fold(RunID(trusted: "old-3"), .success)
        #expect(backfill.record.state == .done)
        #expect(backfill.progress.skipped == 2)
    }

    @Test func endsAtOnceWithNothingToDo() throws {
        let backfill = try Self.backfill(1...2, limit: 1, existing: [1: .success, 2: .failed])
        #expect(backfill.record.state == .done)
    }

    @Test func aDateMayBeTakenInTheMeantime() throws {
        var backfill = try Self.backfill(1...2, limit: 2)
        backfill.skip(0, because: .inFlight, of: RunID(trusted: "manual"))
        #expect(backfill.starts.map(\.ordinal) == [1])
        #expect(backfill.record.dates[0].reason == "in flight")
        #expect(backfill.record.dates[0].run == RunID(trusted: "manual"))
        backfill.begin(1, as: Self.run(1))
        backfill.skip(1, because: .unknown)
        #expect(backfill.record.dates[1].decision == .create)
    }

    @Test func aPauseStopsStartsAndNothingElse() throws {
        var backfill = try Self.backfill(1...3, limit: 1)
        backfill.begin(0, as: Self.run(0))
        let isChanged = backfill.change(to: .paused)
        #expect(isChanged)
        let isChangedAgain = backfill.change(to: .paused)
        #expect(!isChangedAgain)
        backfill.fold(Self.run(0), .success)
        #expect(backfill.starts.isEmpty)
        let isChangedStill = backfill.change(to: .running)
        #expect(isChangedStill)
        #expect(backfill.starts.map(\.ordinal) == [1])
    }

    @Test func aPausedOneEndsWithItsLastRun() throws {
        var backfill = try Self.backfill(1...1, limit: 1)
        backfill.begin(0, as: Self.run(0))
        backfill.change(to: .paused)
        backfill.fold(Self.run(0), .success)
        #expect(backfill.record.state == .done)
        let isChanged = backfill.change(to: .running)
        #expect(!isChanged)
    }

    @Test func aCancelledOneFailsWhatIsQueuedAndLetsTheRestEnd() throws {
        var backfill = try Self.backfill(1...4, limit: 2)
        backfill.begin(0, as: Self.run(0))
        backfill.begin(1, as: Self.run(1))
        backfill.fold(Self.run(0), .running)
        #expect(backfill.runsToFail.isEmpty)
        let isChanged = backfill.change(to: .cancelled)
        #expect(isChanged)
        #expect(backfill.runsToFail == [Self.run(1)])
        backfill.fold(Self.run(1), .failed)
        backfill.fold(Self.run(0), .success)
        #expect(backfill.starts.isEmpty)
        #expect(backfill.record.state == .cancelled)
        #expect(
            backfill.progress
                == Backfill.Progress(waiting: 0, active: 0, succeeded: 1, failed: 1, skipped: 0, dropped: 2)
        )
        let isChangedAgain = backfill.change(to: .running)
        #expect(!isChangedAgain)
    }

    @Test func changesOnlyAsTheTableSays() throws {
        for state in BackfillState.allCases {
            for next in BackfillState.allCases {
                var record = try Self.backfill(1...2, limit: 1).record
                record.state = state
                var backfill = Backfill(record)
                let isAllowed = Backfill.transitions[state]?.contains(next) == true && next != .done
                let isChanged = backfill.change(to: next)
                #expect(isChanged == isAllowed, "\(state) to \(next)")
                #expect(backfill.record.state == (isAllowed ? next : state))
            }
        }
    }

    @Test func isTheSameAfterARestart() throws {
        for seed in UInt64(1)...40 {
            var random = SeededGenerator(seed: seed)
            let limit = Int(random.next() % 4) + 1
            var backfill = try Self.backfill(
                1...12,
                limit: limit,
                reprocess: .failed,
                existing: [3: .failed, 7: .success]
            )
            var begun: [Int] = []
            while backfill.record.state != .done {
                for date in backfill.starts {
                    backfill.begin(date.ordinal, as: date.run ?? Self.run(date.ordinal))
                    begun.append(date.ordinal)
                }
                let active = backfill.states.filter { !$0.value.isTerminal }.keys.sorted()
                #expect(active.count <= limit)
                let ordinal = try #require(active.isEmpty ? nil : active[Int(random.next() % UInt64(active.count))])
                let run = try #require(backfill.record.dates[ordinal].run)
                backfill.fold(run, [.running, .success, .failed][Int(random.next() % 3)])
                if random.next() % 4 == 0 { #expect(Backfill(backfill.record, states: backfill.states) == backfill) }
            }
            #expect(begun == Array(0..<12).filter { $0 != 6 }, "seed \(seed)")
        }
    }
}
