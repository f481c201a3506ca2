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

        init?(text: String) {
            let words = text.split(separator: " ").map(String.init)
            guard words.count == 3, let rule = TriggerRule(rawValue: words[0]) else { return nil }
            self.rule = rule
            outcomes = words[1]
            switch words[2] {
            case "wait": decision = .wait
            case "run": decision = .run
            default:
                guard let state = StepState(rawValue: words[2]) else { return nil }
                decision = .resolve(state)
            }
        }
    }

    /// Rule, outcomes, decision.
    static let lines = """
        all_success sss run
        all_success ss. wait
        all_success f.. upstream_failed
        all_success u.. upstream_failed
        all_success k.. skipped
        all_success kf. upstream_failed
        all_failed fff run
        all_failed ffu run
        all_failed ff. wait
        all_failed s.. skipped
        all_failed k.. skipped
        all_done sfk run
        all_done sf. wait
        all_done uuu run
        all_done_min_one_success sfu run
        all_done_min_one_success sss run
        all_done_min_one_success k.. skipped
        all_done_min_one_success s.. wait
        all_done_min_one_success fff upstream_failed
        all_done_setup_success sfk run
        all_done_setup_success sf. wait
        one_success s.. run
        one_success f.. wait
        one_success kkk skipped
        one_success kkf upstream_failed
        one_failed f.. run
        one_failed u.. run
        one_failed s.. wait
        one_failed ssk skipped
        one_done s.. run
        one_done f.. run
        one_done u.. wait
        one_done kku skipped
        none_failed ssk run
        none_failed kkk run
        none_failed sk. wait
        none_failed f.. upstream_failed
        none_failed_min_one_success ssk run
        none_failed_min_one_success kkk skipped
        none_failed_min_one_success f.. upstream_failed
        none_failed_min_one_success sk. wait
        none_skipped sfu run
        none_skipped sf. wait
        none_skipped k.. skipped
        all_skipped kkk run
        all_skipped kk. wait
        all_skipped s.. skipped
        all_skipped f.. skipped
        always ... run
        """
        .split(separator: "\n").compactMap { Line(text: String($0)) }

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
        #expect(Self.lines.count == 49)
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
