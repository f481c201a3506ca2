import MartletCore
import MartletQuality

extension ProjectFile {
    /// What the project says of its incidents, under `incidents`.
    func incidents(_ entry: YAMLEntry?, _ diagnostics: Diagnostics) -> IncidentPolicy? {
        guard let entries = diagnostics.mapping(entry, form: "routes: [{ notify: [on-call] }]"), let node = entry?.value
        else { return nil }
        KnownKeys.incidents.check(entries, diagnostics)
        var policy = IncidentPolicy()
        policy.routes = list(node.entry("routes"), diagnostics).compactMap { route($0, diagnostics) }
        policy.runbooks = list(node.entry("runbooks"), diagnostics).compactMap { runbook($0, diagnostics) }
        if let entry = node.entry("group_by"), let words = diagnostics.texts(entry) {
            policy.groupBy = words.compactMap { word in
                if let label = IncidentPolicy.GroupLabel(rawValue: word) { return label }
                let all = IncidentPolicy.GroupLabel.allCases.map(\.rawValue)
                diagnostics.reject(
                    entry.value,
                    "incidents cannot be grouped by \"\(word)\"",
                    remedy: NearestName.of(word, among: all).map { "did you mean \($0)?" }
                        ?? "use \(all.joined(separator: ", "))"
                )
                return nil
            }
        }
        func set(_ key: String, _ path: WritableKeyPath<IncidentPolicy, Duration>) {
            if let seconds = diagnostics.seconds(node.entry(key)) { policy[keyPath: path] = .seconds(seconds) }
        }
        set("group_wait", \.groupWait)
        set("group_interval", \.groupInterval)
        set("repeat", \.repeatInterval)
        set("cooldown", \.cooldown)
        set("retry_grace", \.retryGrace)
        if policy.repeatInterval < .seconds(60), let entry = node.entry("repeat") {
            diagnostics.reject(entry.value, "repeat is shorter than a minute", remedy: "use a duration such as 4h")
        }
        policy.inhibits = diagnostics.bool(node.entry("inhibit")) ?? policy.inhibits
        return policy
    }

    private func list(_ entry: YAMLEntry?, _ diagnostics: Diagnostics) -> [YAMLEntry] {
        guard let entry else { return [] }
        guard case .list(let elements) = entry.value.content else {
            diagnostics.reject(entry.value, "\(entry.key) must be a list; it is \(entry.value.kindName)")
            return []
        }
        if elements.count > Limits.incidentRoutes {
            diagnostics.reject(entry.value, "there are more than \(Limits.incidentRoutes) \(entry.key)")
        }
        return elements.prefix(Limits.incidentRoutes).map { element in
            YAMLEntry(key: "an element of \(entry.key)", keyPosition: element.position, value: element)
        }
    }

    private func route(_ entry: YAMLEntry, _ diagnostics: Diagnostics) -> IncidentPolicy.Route? {
        guard let entries = diagnostics.mapping(entry, form: "notify: [on-call]") else { return nil }
        KnownKeys.incidentRoute.check(entries, diagnostics)
        let node = entry.value
        if node.entry("notify") == nil {
            diagnostics.report(
                .keyMissing,
                "a route does not say who is told",
                remedy: "write notify: [NOTIFIER]; notify: [] tells nobody",
                at: node.position
            )
        }
        var levels: [IncidentPolicy.Level] = []
        for level in list(node.entry("escalate"), diagnostics) {
            guard let entries = diagnostics.mapping(level, form: "after: 15m, notify: [lead]") else { continue }
            KnownKeys.escalation.check(entries, diagnostics)
            for key in ["after", "notify"] where level.value.entry(key) == nil {
                diagnostics.report(.keyMissing, "a level of an escalation has no \(key)", at: level.value.position)
            }
            guard let seconds = diagnostics.seconds(level.value.entry("after")) else { continue }
            let after = Duration.seconds(seconds)
            if let last = levels.last, after <= last.after {
                diagnostics.reject(level.value, "a level comes no later than the one before it")
            }
            levels.append(IncidentPolicy.Level(after: after, notify: notifiers(level.value, diagnostics)))
        }
        if levels.count > Limits.escalationLevels {
            diagnostics.reject(node, "there are more than \(Limits.escalationLevels) levels")
        }
        return IncidentPolicy.Route(
            matchers: matchers(node.entry("match"), diagnostics),
            notify: notifiers(node, diagnostics),
            escalation: levels
        )
    }

    private func runbook(_ entry: YAMLEntry, _ diagnostics: Diagnostics) -> IncidentPolicy.Runbook? {
        guard let entries = diagnostics.mapping(entry, form: "match: {...}, url: https://...") else { return nil }
        KnownKeys.runbook.check(entries, diagnostics)
        guard let address = diagnostics.text(entry.value.entry("url")) else {
            diagnostics.report(.keyMissing, "a runbook has no url", at: entry.value.position)
            return nil
        }
        return IncidentPolicy.Runbook(matchers: matchers(entry.value.entry("match"), diagnostics), address: address)
    }

    /// The names under `notify`, which have to be notifiers of the project.
    private func notifiers(_ node: YAMLNode, _ diagnostics: Diagnostics) -> [NotifierID] {
        guard let entry = node.entry("notify"), let names = diagnostics.names(entry, as: NotifierID.self) else {
            return []
        }
        for name in names where notifiers[name] == nil && NotifierID.objection(to: name.rawValue) == nil {
            diagnostics.reject(
                entry.value,
                "there is no notifier \(name)",
                .referenceUnknown,
                remedy: NearestName.of(name.rawValue, among: notifiers.keys.map(\.rawValue).sorted())
                    .map { "did you mean \($0)?" } ?? "add it under notifiers:"
            )
        }
        return names
    }

    /// The conditions under `match`: each key a label, each value a text, or a list of which one has to fit.
    private func matchers(_ entry: YAMLEntry?, _ diagnostics: Diagnostics) -> [IncidentMatcher] {
        (diagnostics.mapping(entry, form: "dataset: flights/*") ?? []).compactMap { condition in
            guard let value = diagnostics.text(condition) else { return nil }
            let isNegated = value.hasPrefix("!")
            do throws(MartletError) {
                return try IncidentMatcher("\(condition.key)\(isNegated ? "!=" : "=")\(value.drop { $0 == "!" })")
            } catch {
                diagnostics.reject(condition.value, error.message, error.code, remedy: error.remedy)
                return nil
            }
        }
    }
}
