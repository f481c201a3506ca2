import MartletCore
import MartletTestKit
import Testing

@testable import MartletScheduling

@Suite(.tags(.machine)) struct TriggerRuleTests {
    /// A line of the table: outcomes of three upstream steps so far (`.` is still open), and what each rule decides.
    ///
    /// s success, k skipped, f failed, u upstream_failed; decisions: wait, run, or the state.
    struct Line: CustomTestStringConvertible, Sendable {
        let rule: TriggerRule
        let outcomes: String
        let decision: TriggerDecision
        var testDescription: String { "\(rule.rawValue) \(outcomes)" }
    }

    static let lines: [Line] = [
        (.allSuccess, "sss", .run), (.allSuccess, "ss.", .wait), (.allSuccess, "f..", .resolve(.upstreamFailed)),
        (.allSuccess, "u..", .resolve(.upstreamFailed)), (.allSuccess, "k..", .resolve(.skipped)),
        (.allSuccess, "kf.", .resolve(.upstreamFailed)),
        (.allFailed, "fff", .run), (.allFailed, "ffu", .run), (.allFailed, "ff.", .wait),
        (.allFailed, "s..", .resolve(.skipped)), (.allFailed, "k..", .resolve(.skipped)),
        (.allDone, "sfk", .run), (.allDone, "sf.", .wait), (.allDone, "uuu", .run),
        (.allDoneMinOneSuccess, "sfu", .run), (.allDoneMinOneSuccess, "sss", .run),
        (.allDoneMinOneSuccess, "k..", .resolve(.skipped)), (.allDoneMinOneSuccess, "s..", .wait),
        (.allDoneMinOneSuccess, "fff", .resolve(.upstreamFailed)),
        (.allDoneSetupSuccess, "sfk", .run), (.allDoneSetupSuccess, "sf.", .wait),
        (.oneSuccess, "s..", .run), (.oneSuccess, "f..", .wait), (.oneSuccess, "kkk", .resolve(.skipped)),
        (.oneSuccess, "kkf", .resolve(.upstreamFailed)),
        (.oneFailed, "f..", .run), (.oneFailed, "u..", .run), (.oneFailed, "s..", .wait),
        (.oneFailed, "ssk", .resolve(.skipped)),
        (.oneDone, "s..", .run), (.oneDone, "f..", .run), (.oneDone, "u..", .wait), (.oneDone, "kku", .resolve(.skipped)),
        (.noneFailed, "ssk", .run), (.noneFailed, "kkk", .run), (.noneFailed, "sk.", .wait),
        (.noneFailed, "f..", .resolve(.upstreamFailed)),
        (.noneFailedMinOneSuccess, "ssk", .run), (.noneFailedMinOneSuccess, "kkk", .resolve(.skipped)),
        (.noneFailedMinOneSuccess, "f..", .resolve(.upstreamFailed)), (.noneFailedMinOneSuccess, "sk.", .wait),
        (.noneSkipped, "sfu", .run), (.noneSkipped, "sf.", .wait), (.noneSkipped, "k..", .resolve(.skipped)),
        (.allSkipped, "kkk", .run), (.allSkipped, "kk.", .wait), (.allSkipped, "s..", .resolve(.skipped)),
        (.allSkipped, "f..", .resolve(.skipped)),
        (.always, "...", .run),
    ].map { Line(rule: $0.0, outcomes: $0.1, decision: $0.2) }

    @Test(arguments: lines) func table(_ line: Line) {
        var counts = UpstreamCounts(total: 3)
        for outcome in line.outcomes {
            switch outcome {
            case "s": counts.add(.success)
            case "k": counts.add(.skipped)
            case "f": counts.add(.failed)
            case "u": counts.add(.upstreamFailed)
            default: break
            }
        }
        #expect(line.rule.decide(counts) == line.decision)
    }

    @Test func everyRuleIsInTheTable() {
        #expect(Set(Self.lines.map(\.rule)) == Set(TriggerRule.allCases))
    }

    @Test(arguments: TriggerRule.allCases) func aStepWithoutUpstreamRuns(_ rule: TriggerRule) {
        #expect(rule.decide(UpstreamCounts(total: 0)) == .run)
    }

    /// Once all upstream steps have ended no rule may wait on: the step would hang.
    @Test(arguments: TriggerRule.allCases) func nothingWaitsForEver(_ rule: TriggerRule) {
        for counts in Self.all(total: 4) where counts.isDone { #expect(rule.decide(counts) != .wait, "\(counts)") }
    }

    /// A final state decided early is the one that the end would have decided, whatever the others come to.
    @Test(arguments: TriggerRule.allCases) func earlyStatesHold(_ rule: TriggerRule) {
        for early in Self.all(total: 3) {
            guard case .resolve = rule.decide(early) else { continue }
            for last in [StepState.success, .skipped, .failed, .upstreamFailed] where !early.isDone {
                var later = early
                later.add(last)
                let decision = rule.decide(later)
                if case .resolve = decision { continue }
                Issue.record("\(rule.rawValue): \(early) decided early, but \(later) gives \(decision)")
            }
        }
    }

    private static func all(total: Int) -> [UpstreamCounts] {
        var found: [UpstreamCounts] = []
        for success in 0...total {
            for skipped in 0...(total - success) {
                for failed in 0...(total - success - skipped) {
                    for upstreamFailed in 0...(total - success - skipped - failed) {
                        found.append(
                            UpstreamCounts(
                                total: total,
                                success: success,
                                skipped: skipped,
                                failed: failed,
                                upstreamFailed: upstreamFailed
                            )
                        )
                    }
                }
            }
        }
        return found
    }
}
