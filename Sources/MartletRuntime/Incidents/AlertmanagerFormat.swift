import MartletCore

/// Alerts of Alertmanager's API v2.
///
/// As in https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. One alert for each incident, as Alertmanager groups by itself. It takes an alert for resolved when it has not heard
/// of it before `endsAt`, so that what lasts is sent again.
struct AlertmanagerFormat: ReceiverFormat {
    let spec: AlertmanagerSpec

    var settings: [SettingText] { [spec.url] }
    var refreshInterval: Duration? { .seconds(60) }

    func message(_ alert: Alert, texts: [String], at now: Timestamp) -> ReceiverMessage? {
        let address = texts[0].hasSuffix("/") ? String(texts[0].dropLast()) : texts[0]
        let end = now + .seconds(spec.holdSeconds)
        return ReceiverMessage(
            url: "\(address)/api/v2/alerts",
            headers: [("Content-Type", "application/json")],
            body: JSONText.bytes(Self.alerts(alert, extra: spec.labels, at: now, endsAt: end))
        )
    }

    static func alerts(_ alert: Alert, extra: [String: String], at now: Timestamp, endsAt end: Timestamp) -> JSONValue {
        guard let notice = alert.incident else { return .array([plain(alert, extra, endsAt: end)]) }
        var alerts: [JSONValue] = []
        for item in notice.items {
            let labels = labels(item, notice, extra)
            let isOpen = item.state.isOpen
            alerts.append(posted(item, labels, endsAt: isOpen ? end : item.resolvedAt ?? now, notice))
            if let former = item.formerSeverity {
                // With another severity it is another alert: the former one ends.
                var before = labels
                before["severity"] = .string(former.rawValue)
                alerts.append(posted(item, before, endsAt: now, notice))
            }
        }
        return .array(alerts)
    }

    private static func posted(
        _ item: IncidentNotice.Item,
        _ labels: [String: JSONValue],
        endsAt: Timestamp,
        _ notice: IncidentNotice
    ) -> JSONValue {
        // An end before the beginning is refused.
        let end = max(endsAt, item.since + .seconds(1))
        return .object([
            "labels": .object(labels), "annotations": .object(annotations(item, notice)),
            "startsAt": .string(item.since.description), "endsAt": .string(end.description),
        ])
    }

    private static func plain(_ alert: Alert, _ extra: [String: String], endsAt end: Timestamp) -> JSONValue {
        var labels = extra.mapValues(JSONValue.string)
        labels["alertname"] = .string("Martlet_\(alert.kind.rawValue)")
        labels["pipeline"] = alert.pipeline.map { .string($0.rawValue) }
        labels["run"] = alert.run.map { .string($0.rawValue) }
        labels["step"] = alert.step.map { .string($0.description) }
        return .object([
            "labels": .object(labels), "annotations": .object(["summary": .string(alert.text)]),
            "startsAt": .string(alert.at.description), "endsAt": .string(max(end, alert.at + .seconds(1)).description),
        ])
    }

    /// What tells one alert from another; nothing in it changes while an incident lasts, but for the severity.
    static func labels(
        _ item: IncidentNotice.Item,
        _ notice: IncidentNotice,
        _ extra: [String: String]
    ) -> [String: JSONValue] {
        var labels = extra.mapValues(JSONValue.string)
        labels["alertname"] = "MartletCheckFailed"
        labels["project"] = .string(notice.project)
        labels["pipeline"] = .string(item.failure.pipeline.rawValue)
        labels["dataset"] = .string(item.failure.dataset.rawValue)
        labels["check"] = .string(item.failure.check)
        labels["severity"] = .string(item.severity.rawValue)
        labels["incident"] = .string(item.incident)
        return labels
    }

    static func annotations(_ item: IncidentNotice.Item, _ notice: IncidentNotice) -> [String: JSONValue] {
        let failure = item.failure
        var annotations: [String: JSONValue] = [
            "summary": .string("\(failure.dataset): \(failure.title)"),
            "description": .string(
                NoticeText.facts(item).map { "\($0.name): \($0.text)" }.joined(separator: "\n")
            ),
        ]
        annotations["runbook_url"] = (item.runbook ?? notice.runbook).map(JSONValue.string)
        if !notice.owners.isEmpty { annotations["owners"] = .string(notice.owners.joined(separator: ", ")) }
        if !notice.suspects.isEmpty {
            annotations["suspected_upstream"] = .string(
                notice.suspects.map(\.rawValue).joined(separator: ", ")
            )
        }
        return annotations
    }
}
