extension RuleCheck {
    /// Holds one step to a rule about steps.
    mutating func check(_ step: StepManifest, _ index: Int) {
        let path: [PathComponent] = ["steps", .index(index)]
        let noun = "step \(step.id)"
        switch rule.demand {
        case .stepOwner(let form): checkOwner(step.owner, form, of: noun, at: path + ["owner"])
        case .stepDescription: checkDescription(step.description, of: noun, at: path + ["description"])
        case .stepTags(let demand): checkTags(step.tags, demand, of: noun, at: path + ["tags"])
        case .stepNames(let form): checkName(step.id.rawValue, form, noun: "step", at: path + ["id"])
        case .stepKinds(let allowed, let forbidden): checkKind(step, allowed, forbidden, path)
        case .retries(let range): checkRetries(step, range, path)
        case .timeout(let maximum): checkTimeout(step, maximum, path)
        case .pools(let allowed): checkPool(step, allowed, path)
        default: break
        }
    }

    mutating func checkOwner(_ owner: String?, _ form: String?, of noun: String, at path: [PathComponent]) {
        guard let owner else {
            report(path, "\(noun) has no owner", "add owner: TEAM")
            return
        }
        if let form, !Self.fits(owner, form) {
            report(path, "the owner \"\(owner)\" of \(noun) does not have the form \(form)", "name another")
        }
    }

    mutating func checkDescription(_ description: String?, of noun: String, at path: [PathComponent]) {
        if description == nil { report(path, "\(noun) has no description", "add description: what it is for") }
    }

    mutating func checkTags(_ tags: [String], _ demand: TagDemand, of noun: String, at path: [PathComponent]) {
        for form in demand.required {
            let pattern = NamePattern(form)
            if tags.contains(where: pattern.matches) { continue }
            report(path, "\(noun) has no tag \(form)", "add it to tags")
        }
        guard let allowed = demand.allowed else { return }
        let patterns = allowed.map { NamePattern($0) }
        for (index, tag) in tags.enumerated() where !patterns.contains(where: { $0.matches(tag) }) {
            report(
                path + [.index(index)],
                "\(noun) has the tag \"\(tag)\", which is not allowed",
                NearestName.of(tag, among: allowed).map { "did you mean \($0)?" }
                    ?? "choose from \(allowed.joined(separator: ", "))"
            )
        }
    }

    mutating func checkName(_ name: String, _ form: String, noun: String, at path: [PathComponent]) {
        if Self.fits(name, form) { return }
        report(path, "the name of \(noun) \(name) does not have the form \(form)", "rename it")
    }

    /// Whether the whole of `text` has the form; a form that is no regular expression fits nothing.
    static func fits(_ text: String, _ form: String) -> Bool {
        guard let expression = try? Regex(form) else { return false }
        return text.wholeMatch(of: expression) != nil
    }

    private mutating func checkKind(
        _ step: StepManifest,
        _ allowed: [String]?,
        _ forbidden: [String],
        _ path: [PathComponent]
    ) {
        let kind = step.action.kind
        if !forbidden.contains(kind), allowed?.contains(kind) ?? true { return }
        report(
            path + [.key(kind)],
            "step \(step.id) is of kind \(kind), which is not allowed",
            allowed.map { "use \($0.joined(separator: ", "))" } ?? "use another kind"
        )
    }

    private mutating func checkRetries(_ step: StepManifest, _ range: ClosedRange<Int>, _ path: [PathComponent]) {
        guard step.action.hasProcess else { return }
        let retries = step.retry.retries
        if range.contains(retries) { return }
        let limit = retries < range.lowerBound ? "the least is \(range.lowerBound)" : "the most is \(range.upperBound)"
        report(
            path + ["retries"],
            "step \(step.id) has \(retries == 0 ? "no retries" : "retries: \(retries)"); \(limit)",
            "set retries: in the step, or under defaults"
        )
    }

    private mutating func checkTimeout(_ step: StepManifest, _ maximum: Double?, _ path: [PathComponent]) {
        guard step.action.hasProcess else { return }
        guard let timeout = step.timeoutSeconds else {
            report(path + ["timeout"], "step \(step.id) has no timeout", "set timeout: in the step, or under defaults")
            return
        }
        if let maximum, timeout > maximum {
            let (found, most) = (Duration.seconds(timeout).shortText, Duration.seconds(maximum).shortText)
            report(
                path + ["timeout"],
                "the timeout of step \(step.id) is \(found); the most is \(most)",
                "lower it, or split the step"
            )
        }
    }

    private mutating func checkPool(_ step: StepManifest, _ allowed: [String], _ path: [PathComponent]) {
        let pool = step.limits.pool.rawValue
        if !step.action.hasProcess || allowed.contains(where: { NamePattern($0).matches(pool) }) { return }
        report(
            path + ["pool"],
            "step \(step.id) takes its slots from pool \(pool), which is not allowed",
            "choose from \(allowed.joined(separator: ", "))"
        )
    }
}

extension StepAction {
    /// Whether an attempt is a process, which can fail by chance and hang.
    public var hasProcess: Bool { !isDecision && !isWaiting }
}
