import MartletCore
import MartletTestKit

@testable import MartletScheduling

extension SeededGenerator {
    /// A number from 0 up to, and without, `count`.
    mutating func draw(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }

    /// True once in `count` times.
    mutating func happens(oneIn count: Int) -> Bool { draw(count) == 0 }
}

/// Makes pipelines of every kind of step; a later version of one has some steps less and some more.
struct RandomPipeline {
    var random: SeededGenerator

    mutating func next(_ name: String, version: Int = 1, of earlier: PipelineManifest? = nil) -> PipelineManifest {
        let count = random.draw(12) + 1
        var steps: [StepManifest] = []
        for index in 0..<count {
            // Steps come and go between versions by their names.
            let id = version > 1 && random.happens(oneIn: 4) ? "t\(index)" : "s\(index)"
            steps.append(next(id, after: steps))
        }
        var groups: [GroupSpec] = []
        if count > 3, random.happens(oneIn: 2) { groups = [group(&steps)] }
        followBranches(&steps)
        return PipelineManifest(
            pipeline: PipelineID(trusted: name),
            policy: PipelinePolicy(
                maxActiveSteps: random.happens(oneIn: 4) ? 3 : nil,
                failFast: random.happens(oneIn: 6)
            ),
            groups: groups,
            steps: steps
        )
    }

    private mutating func next(_ id: String, after earlier: [StepManifest]) -> StepManifest {
        let after = earlier.filter { _ in random.happens(oneIn: 3) }.map(\.id)
        let rules = TriggerRule.allCases
        let isPlain = random.draw(3) < 2
        var new = step(id, rule: isPlain ? .allSuccess : rules[random.draw(rules.count)], retries: random.draw(3))
        new.after = after
        switch random.draw(16) {
        case 0: new.action = .branch(BranchAction(cases: []))
        case 1:
            new.action = .shortCircuit(
                ShortCircuitAction(
                    ["{{ false }}", "{{ true }}"][random.draw(2)],
                    respectsTriggerRules: random.happens(oneIn: 2)
                )
            )
        case 2: new.action = .wait(WaitAction(.until(.instant("now"))))
        case 3: new.action = .approve(ApproveAction(message: "sure?"))
        case 4: new.when = ["{{ true }}", "{{ false }}", "{{ params.missing }}"][random.draw(3)]
        case 5, 6: new.map = MapSpec([source(earlier)])
        case 7: new.role = .setup
        case 8 where earlier.contains { $0.role == .setup }:
            let setups = earlier.filter { $0.role == .setup && random.draw(3) > 0 }.map(\.id)
            new.role = .teardown(TeardownSpec(of: setups, failsRun: random.happens(oneIn: 2)))
            new.triggerRule = .allDoneSetupSuccess
        case 9: new.past = random.happens(oneIn: 2) ? .sameStep : .downstream
        default: break
        }
        new.limits = StepLimits(
            pool: random.happens(oneIn: 3) ? PoolName(trusted: "small") : .defaultPool,
            slots: random.happens(oneIn: 5) ? 2 : 1,
            priority: random.draw(3),
            maxActive: random.happens(oneIn: 6) ? 2 : nil,
            maxActivePerRun: random.happens(oneIn: 6) ? 1 : nil
        )
        return new
    }

    private mutating func source(_ earlier: [StepManifest]) -> MapSource {
        if let step = earlier.randomElement(using: &random), random.draw(3) > 0 {
            return MapSource(.expression("{{ steps.\(step.id).values.n }}"))
        }
        return MapSource(.values((0..<random.draw(4)).map { .integer($0) }))
    }

    /// Puts some steps that follow each other in the list into a mapped group.
    private mutating func group(_ steps: inout [StepManifest]) -> GroupSpec {
        let first = random.draw(steps.count - 1)
        let last = min(steps.count - 1, first + 1 + random.draw(3))
        for index in first...last {
            steps[index].group = GroupID(trusted: "g")
            steps[index].map = nil
            if index > first, random.draw(3) > 0, !steps[index].after.contains(steps[index - 1].id) {
                steps[index].after.append(steps[index - 1].id)
            }
        }
        return GroupSpec(id: GroupID(trusted: "g"), map: MapSpec([source(Array(steps[..<first]))]))
    }

    private mutating func followBranches(_ steps: inout [StepManifest]) {
        for index in steps.indices {
            guard case .branch = steps[index].action else { continue }
            let after = steps[(index + 1)...].filter { _ in random.happens(oneIn: 3) }.map(\.id)
            let half = after.count / 2
            let cases = [
                BranchCase(when: ["{{ true }}", "{{ false }}"][random.draw(2)], follow: Array(after[..<half])),
                BranchCase(follow: Array(after[half...])),
            ]
            steps[index].action = .branch(BranchAction(cases: cases))
        }
    }
}
