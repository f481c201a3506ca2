// What must hold for a pipeline's runs as a whole.
extension ManifestValidator {
    mutating func checkPolicy() {
        let policy = manifest.policy
        let owner = "pipeline \(manifest.pipeline)"
        checkRange("max_active_runs", policy.maxActiveRuns, 1...Limits.activeAtMost, of: owner, at: [])
        checkRange("max_active_steps", policy.maxActiveSteps, 1...Limits.activeAtMost, of: owner, at: [])
        checkRange(
            "max_consecutive_failures",
            policy.maxConsecutiveFailures,
            0...Limits.activeAtMost,
            of: owner,
            at: []
        )
        checkDuration("run_timeout", policy.runTimeoutSeconds, of: owner, at: [])
        for (position, name) in policy.notifyOnFailure.enumerated() {
            checkNotifier(name, at: ["notify_on_failure", .index(position)])
        }
        if policy.deadlines.count > Limits.deadlinesPerPipeline {
            report(
                ["deadline"],
                .limitExceeded,
                "there are \(policy.deadlines.count) deadlines; a pipeline may have \(Limits.deadlinesPerPipeline)",
                remedy: "remove some"
            )
        }
        for (position, deadline) in policy.deadlines.prefix(Limits.deadlinesPerPipeline).enumerated() {
            checkDeadline(deadline, at: ["deadline", .index(position)])
        }
    }

    private mutating func checkDeadline(_ deadline: DeadlineSpec, at base: [PathComponent]) {
        func object(_ key: PathComponent?, _ message: String, reason: String? = nil, _ remedy: String) {
            report(base + (key.map { [$0] } ?? []), .deadlineInvalid, message, reason: reason, remedy: remedy)
        }
        // An instant and an average are complete without more time; the others would be missed as they begin.
        let least: Double? = [.instant, .average].contains(deadline.from) ? 0 : nil
        checkDuration("within", deadline.withinSeconds, from: least, of: "the deadline", at: base)
        switch deadline.from {
        case .schedule where manifest.schedule == nil:
            object(
                "from",
                "the deadline is counted from the schedule, and there is none",
                "add schedule:, or count from run_start or queued"
            )
        case .instant where deadline.at == nil:
            object(nil, "the deadline is counted from an instant that is not given", "add at: 2026-01-31T06:00:00Z")
        default:
            break
        }
        if deadline.at != nil, deadline.from != .instant {
            object(
                "at",
                "the deadline has an instant and is counted from \(deadline.from.rawValue)",
                reason: "an instant is what from: instant counts from",
                "write from: instant, or remove at"
            )
        }
        if deadline.from == .average {
            checkRange("runs", deadline.runs, 1...Limits.averagedRuns, of: "the deadline", at: base)
            checkRange("minimum_runs", deadline.minimumRuns, 1...max(1, deadline.runs), of: "the deadline", at: base)
        }
        for (position, name) in deadline.notify.enumerated() {
            checkNotifier(name, at: base + ["notify", .index(position)])
        }
    }

    private mutating func checkNotifier(_ name: String, at path: [PathComponent]) {
        guard let objection = NameRules.word(name, limit: Limits.nameBytes) else { return }
        report(path, .nameInvalid, "\"\(name)\" is not a valid notifier name", reason: objection)
    }
}
