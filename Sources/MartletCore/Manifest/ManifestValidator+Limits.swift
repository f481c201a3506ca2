// What must hold for a step's place: its pool, its limits, and what it may see.
extension ManifestValidator {
    mutating func checkLimits(of step: StepManifest, at base: [PathComponent]) {
        let limits = step.limits
        let owner = "step \(step.id)"
        checkName(limits.pool, at: base + ["pool"])
        checkRange("slots", limits.slots, 1...Limits.slotsPerStep, of: owner, at: base)
        checkRange("priority", limits.priority, -Limits.priority...Limits.priority, of: owner, at: base)
        checkRange("max_active", limits.maxActive, 1...Limits.activeAtMost, of: owner, at: base)
        checkRange("max_active_per_run", limits.maxActivePerRun, 1...Limits.activeAtMost, of: owner, at: base)
        checkDuration("queue_timeout", limits.queueTimeoutSeconds, of: owner, at: base)
        let shortest = Double(Limits.heartbeatSeconds)
        checkDuration("heartbeat", step.heartbeatSeconds, from: shortest, of: owner, at: base)
        for (position, name) in step.variables.enumerated() {
            checkName(name, at: base + ["variables", .index(position)])
        }
        for (position, name) in step.connections.enumerated() {
            checkName(name, at: base + ["connections", .index(position)])
        }
    }

    /// A name that a front end may have taken without looking at it.
    mutating func checkName<Name: TypedID>(_ name: Name, at path: [PathComponent]) {
        guard let objection = Name.objection(to: name.rawValue) else { return }
        report(path, .nameInvalid, "\"\(name)\" is not a valid \(Name.noun)", reason: objection)
    }

    mutating func checkRange(
        _ key: String,
        _ value: Int?,
        _ range: ClosedRange<Int>,
        of owner: String,
        at base: [PathComponent]
    ) {
        guard let value, !range.contains(value) else { return }
        report(
            base + [.key(key)],
            .valueInvalid,
            "\(owner): \(key) is \(value)",
            remedy: "use \(range.lowerBound) to \(range.upperBound)"
        )
    }

    /// Checks a duration of at least `shortest`, or above 0 when none is given, and of a year at most.
    mutating func checkDuration(
        _ key: String,
        _ seconds: Double?,
        from shortest: Double? = nil,
        of owner: String,
        at base: [PathComponent]
    ) {
        guard let seconds else { return }
        let isLong = seconds > Double(Limits.policySeconds)
        guard isLong || (shortest.map { seconds < $0 } ?? (seconds <= 0)) else { return }
        let least = shortest.map { JSONValue.number($0).jsonText + "s" }
        report(
            base + [.key(key)],
            .valueInvalid,
            isLong ? "\(owner): \(key) is longer than a year" : "\(owner): \(key) is too short",
            remedy: "use a duration \(least.map { "of \($0) or more" } ?? "above 0"), as in 10m"
        )
    }
}
