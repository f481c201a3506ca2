import MartletCore

@testable import MartletScheduling

/// A request in a few words: `p1/a[2] pool=gpu slots=2 priority=5 day=3 backfill=1 run=4 step=1`.
///
/// The run's name starts with the letters of its pipeline's; `run`, `pipeline`, `step` and `stepInRun` are limits.
func ask(_ text: String) -> AdmissionRequest? {
    var words = text.split(separator: " ").map(String.init)
    guard !words.isEmpty, let key = admissionKey(words.removeFirst()) else { return nil }
    let letters = key.run.rawValue.prefix { !$0.isNumber }
    var request = AdmissionRequest(key, pipeline: PipelineID(trusted: String(letters)))
    for word in words {
        let parts = word.split(separator: "=").map(String.init)
        guard parts.count == 2 else { return nil }
        if parts[0] == "pool" {
            request.pool = PoolName(trusted: parts[1])
            continue
        }
        guard let number = Int(parts[1]) else { return nil }
        switch parts[0] {
        case "slots": request.poolSlots = number
        case "priority": request.priority = number
        case "day": request.logicalDate = noon + .seconds(86_400 * number)
        case "backfill": request.backfillOrdinal = number
        case "run": request.limits.run = number
        case "pipeline": request.limits.pipeline = number
        case "step": request.limits.step = number
        case "stepInRun": request.limits.stepInRun = number
        default: return nil
        }
    }
    return request
}

/// The key written as `p1/a[2]`.
func admissionKey(_ text: String) -> AdmissionKey? {
    let parts = text.split(separator: "/").map(String.init)
    guard parts.count == 2, let instance = InstanceID(parts[1]) else { return nil }
    return AdmissionKey(RunID(trusted: parts[0]), instance)
}

/// A planner that is told what to do in lines of text, and what ought to come of it after `->`.
struct PlannerScript {
    var planner: Planner
    private(set) var problems: [String] = []

    /// Plays `script` line by line; words are those of ``apply(_:_:)``.
    init(total: Int = 100, pools: String = "", patience: Int = 1_000, _ script: String) {
        planner = Planner(limits: PlannerLimits(totalSlots: total, pools: Self.pools(pools), patience: patience))
        for line in script.split(separator: "\n").map(String.init) where !line.isEmpty {
            let parts = line.split(separator: ">", maxSplits: 1).map { $0.trimmingSuffix(while: { " -".contains($0) }) }
            let words = parts[0].split(separator: " ", maxSplits: 1).map(String.init)
            let outcome = apply(words[0], words.count > 1 ? words[1] : "")
            let expected = parts.count > 1 ? parts[1].split(separator: " ").joined(separator: " ") : ""
            if outcome != expected { problems.append("\(line): \(outcome)") }
        }
    }

    /// `gpu=2 cpu=4d` is two pools, the second of which includes deferred instances.
    private static func pools(_ text: String) -> [Pool] {
        var pools: [Pool] = []
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=").map(String.init)
            let deferred = parts[1].hasSuffix("d")
            let slots = Int(parts[1].trimmingSuffix { $0 == "d" }) ?? 0
            pools.append(Pool(name: PoolName(trusted: parts[0]), slots: slots, includesDeferred: deferred))
        }
        return pools
    }

    private mutating func apply(_ verb: String, _ rest: String) -> String {
        var limits = planner.limits
        let key = rest.split(separator: " ").first.flatMap { admissionKey(String($0)) }
        switch verb {
        case "offer":
            // Several, divided by commas, for lines that differ little.
            for part in rest.split(separator: ",") {
                guard let request = ask(String(part)) else { return "cannot read" }
                if !planner.offer(request) { return "refused" }
            }
        case "adopt":
            guard let request = ask(rest) else { return "cannot read" }
            planner.adopt(request)
        case "grants": return planner.grants().map(\.description).joined(separator: " ")
        case "release":
            for word in rest.split(separator: " ") { admissionKey(String(word)).map { planner.release($0) } }
        case "forget": planner.forget(RunID(trusted: rest))
        case "withdraw": key.map { planner.withdraw($0) }
        case "defer": key.map { planner.suspend($0) }
        case "await": key.map { planner.suspend($0, holdsPool: false) }
        case "pause": planner.setPaused(true, pipeline: PipelineID(trusted: rest))
        case "resume": planner.setPaused(false, pipeline: PipelineID(trusted: rest))
        case "pauserun": planner.setPaused(true, run: RunID(trusted: rest))
        case "resumerun": planner.setPaused(false, run: RunID(trusted: rest))
        case "total":
            limits.totalSlots = Int(rest) ?? 0
            planner.setLimits(limits)
        case "pools":
            planner.setLimits(
                PlannerLimits(totalSlots: limits.totalSlots, pools: Self.pools(rest), patience: limits.patience)
            )
        case "hold":
            guard let report = key.flatMap({ planner.hold(of: $0) }) else { return "nothing" }
            return "\(report.verdict.rawValue) \(report)"
        default: return "no such verb"
        }
        return ""
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> String {
        var text = String(self)
        while let last = text.last, matches(last) { text.removeLast() }
        return text
    }
}
