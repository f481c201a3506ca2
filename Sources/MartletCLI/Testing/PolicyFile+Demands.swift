import MartletCore

extension PolicyFile {
    /// The demand in the mapping `node`, or the plain one when there is none.
    func demand(_ name: RuleName, _ node: YAMLNode?, _ entry: YAMLEntry) -> RuleDemand? {
        switch name {
        case .owner: return .owner(form: form(node?.entry("pattern")))
        case .stepOwner: return .stepOwner(form: form(node?.entry("pattern")))
        case .description: return .description
        case .stepDescription: return .stepDescription
        case .scheduleDeadline: return .scheduleDeadline
        case .scheduleNotify: return .scheduleNotify
        case .catchup: return .catchup(diagnostics.choice(node?.entry("allow"), "rule for catchup") ?? .needsStart)
        case .timeout: return .timeout(maximumSeconds: diagnostics.seconds(node?.entry("maximum")))
        case .tags: return tags(node, entry).map { .tags($0) }
        case .stepTags: return tags(node, entry).map { .stepTags($0) }
        case .pipelineNames, .stepNames, .datasetNames:
            guard let pattern = node?.entry("pattern") else { return incomplete(entry, "pattern: \"[a-z][a-z0-9_]*\"") }
            return form(pattern).map { Self.names(name, $0) }
        case .stepCount: return range(node, entry, of: 0...Limits.stepsPerPipeline).map { .stepCount($0) }
        case .retries:
            // A retry at least, unless the rule says otherwise.
            guard let node else { return .retries(1...Limits.retries) }
            return range(node, entry, of: 0...Limits.retries).map { .retries($0) }
        case .stepKinds: return kindDemand(node, entry)
        case .pools:
            guard let allowed = node?.entry("allowed") else { return incomplete(entry, "allowed: [default_pool]") }
            return diagnostics.texts(allowed).map { .pools(allowed: $0) }
        }
    }

    /// The demand in a short form: a pattern of names, or a list of pools.
    func short(_ name: RuleName, _ entry: YAMLEntry) -> RuleDemand? {
        switch name {
        case .pipelineNames, .stepNames, .datasetNames: return form(entry).map { Self.names(name, $0) }
        case .catchup: return diagnostics.choice(entry, "rule for catchup").map { .catchup($0) }
        case .pools: return diagnostics.texts(entry).map { .pools(allowed: $0) }
        default:
            diagnostics.reject(
                entry.value,
                "the rule \(name.rawValue) cannot be \(entry.value.kindName)",
                remedy:
                    "write true, false, warn or \(name.keys.isEmpty ? "{ severity: warn }" : "{ \(name.keys[0]): ... }")"
            )
            return nil
        }
    }

    private static func names(_ name: RuleName, _ form: String) -> RuleDemand {
        switch name {
        case .pipelineNames: .pipelineNames(form: form)
        case .stepNames: .stepNames(form: form)
        default: .datasetNames(form: form)
        }
    }

    private func form(_ entry: YAMLEntry?) -> String? {
        guard let entry, let text = diagnostics.text(entry) else { return nil }
        if (try? Regex(text)) != nil { return text }
        diagnostics.reject(entry.value, "\(text) is not a regular expression")
        return nil
    }

    private func tags(_ node: YAMLNode?, _ entry: YAMLEntry) -> TagDemand? {
        guard let node, node.entry("required") ?? node.entry("allowed") != nil else {
            return incomplete(entry, "required: [TAG]")
        }
        return TagDemand(
            required: diagnostics.texts(node.entry("required")) ?? [],
            allowed: diagnostics.texts(node.entry("allowed"))
        )
    }

    private func kindDemand(_ node: YAMLNode?, _ entry: YAMLEntry) -> RuleDemand? {
        guard let node, node.entry("forbidden") ?? node.entry("allowed") != nil else {
            return incomplete(entry, "forbidden: [command]")
        }
        let allowed = node.entry("allowed").map { kinds($0).sorted() }
        return .stepKinds(allowed: allowed, forbidden: kinds(node.entry("forbidden")).sorted())
    }

    private func range(_ node: YAMLNode?, _ entry: YAMLEntry, of all: ClosedRange<Int>) -> ClosedRange<Int>? {
        guard let node, node.entry("minimum") ?? node.entry("maximum") != nil else {
            return incomplete(entry, "maximum: \(all.upperBound)")
        }
        let least = diagnostics.integer(node.entry("minimum")) ?? all.lowerBound
        let most = diagnostics.integer(node.entry("maximum")) ?? all.upperBound
        guard least <= most, all.contains(least) || least == all.lowerBound else {
            diagnostics.reject(node, "from \(least) to \(most) there is nothing", remedy: "lower the minimum")
            return nil
        }
        return least...most
    }

    private func incomplete<Value>(_ entry: YAMLEntry, _ example: String) -> Value? {
        diagnostics.report(
            .keyMissing,
            "the rule \(entry.key) does not say what it demands",
            remedy: "write \(entry.key): { \(example) }",
            at: entry.value.position
        )
        return nil
    }
}
