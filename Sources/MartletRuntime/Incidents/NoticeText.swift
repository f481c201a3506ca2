import MartletCore

/// What is said of incidents, in words that every receiver shares.
enum NoticeText {
    /// Something to say, with what it is called.
    struct Fact: Hashable {
        var name: String
        var text: String
    }

    /// What concerns all incidents of a notice.
    static func facts(_ notice: IncidentNotice) -> [Fact] {
        var facts: [Fact] = []
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { facts.append(Fact(name: name, text: text)) }
        }
        add("status", status(notice))
        add("severity", notice.severity.rawValue)
        add("project", notice.project)
        add("suspected upstream", list(notice.suspects.map(\.rawValue)))
        add("downstream", list(notice.downstream.map(\.rawValue)))
        if notice.inhibited.count > 0 {
            let datasets = list(notice.inhibited.datasets.map(\.rawValue)) ?? ""
            add("also failing downstream", "\(notice.inhibited.count) checks: \(datasets)")
        }
        add("owners", list(notice.owners))
        add("runbook", notice.runbook)
        add("done so far", list(notice.actions.map { "\($0.at.minute) \($0.text)" }, separator: "; "))
        if let first = notice.items.first, notice.kind != .resolved {
            add("acknowledge", "martlet incidents ack \(first.incident)")
            add("silence", "martlet incidents silence dataset=\(first.failure.dataset) --for 1h --reason WHY")
        }
        return facts
    }

    /// What concerns one incident.
    static func facts(_ item: IncidentNotice.Item) -> [Fact] {
        var facts: [Fact] = []
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { facts.append(Fact(name: name, text: text)) }
        }
        let failure = item.failure
        add("incident", item.incident)
        add("state", item.isFlapping && item.state.isOpen ? "\(item.state.rawValue), flapping" : item.state.rawValue)
        add(
            "severity",
            item.formerSeverity.map { "\(item.severity.rawValue), was \($0.rawValue)" } ?? item.severity.rawValue
        )
        add("dataset", failure.dataset.rawValue)
        add("check", failure.check)
        add("what", failure.title)
        add("expected", failure.expected)
        add("observed", failure.observed)
        if let unexpected = failure.unexpectedCount {
            add("unexpected", failure.elementCount.map { "\(unexpected) of \($0)" } ?? "\(unexpected)")
        }
        add("samples", list(failure.samples))
        add("trend", failure.trend.map(trend))
        add("pipeline", failure.pipeline.rawValue)
        add("run", failure.run?.rawValue)
        add("step", failure.step?.description)
        add("partition", failure.partition)
        add("data version", failure.data.short)
        add("code version", failure.code.map { String(($0.git ?? $0.manifest).prefix(12)) })
        add("first seen", item.since.minute)
        add("failures", "\(item.failures)")
        add("last good version", item.lastGood.map(good))
        add("over since", item.resolvedAt?.minute)
        add("report", failure.report)
        add("fingerprint", String(item.fingerprint.prefix(12)))
        return facts
    }

    private static func status(_ notice: IncidentNotice) -> String {
        switch notice.kind {
        case .trigger: "firing"
        case .update: "firing, changed"
        case .reminder: "still firing"
        case .escalation: "firing, escalated\(notice.level.map { " to level \($0)" } ?? "")"
        case .acknowledged: "acknowledged\(notice.acknowledgedBy.map { " by \($0)" } ?? "")"
        case .resolved: "resolved"
        }
    }

    private static func good(_ good: GoodVersion) -> String {
        let version = good.data.short ?? "unknown version"
        return "\(version) of \(good.at.minute)\(good.run.map { ", run \($0)" } ?? "")"
    }

    private static func trend(_ trend: CheckObservation.Trend) -> String {
        let values = trend.values.suffix(10).map(number).joined(separator: ", ")
        let bounds = "expected \(trend.lower.map(number) ?? "any") to \(trend.upper.map(number) ?? "any")"
        return "\(values) (\(bounds))"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15
            ? String(Int(value)) : String((value * 1_000).rounded() / 1_000)
    }

    private static func list(_ texts: [String], separator: String = ", ") -> String? {
        texts.isEmpty ? nil : texts.joined(separator: separator)
    }
}

extension Timestamp {
    /// For people: `2026-01-02 03:04Z`.
    var minute: String {
        let text = description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))Z"
    }
}
