import MartletCore

/// Requests to a program behind a web address, signed if it has a key to check them with.
///
/// The body is a CloudEvents 1.0 event in structured mode (https://github.com/cloudevents/spec), or what Alertmanager
/// sends to its webhooks (version 4, https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
struct WebhookFormat: ReceiverFormat {
    let spec: WebhookSpec
    /// What the project calls the receiver.
    let name: NotifierID
    private let headerNames: [String]

    init(_ spec: WebhookSpec, name: NotifierID) {
        self.spec = spec
        self.name = name
        headerNames = spec.headers.keys.sorted()
    }

    /// The address, the keys, and the values of headers.
    var settings: [SettingText] {
        [spec.url] + spec.secrets + headerNames.compactMap { spec.headers[$0] }
    }

    func message(_ alert: Alert, texts: [String], at now: Timestamp) -> ReceiverMessage? {
        let body: [UInt8]
        var headers: [(name: String, value: String)]
        switch spec.format {
        case .cloudEvents:
            body = JSONText.bytes(Self.cloudEvent(alert))
            headers = [("Content-Type", "application/cloudevents+json; charset=utf-8")]
        case .alertmanager:
            guard let notice = alert.incident else { return nil }
            body = JSONText.bytes(Self.alertmanagerMessage(notice, to: name))
            headers = [("Content-Type", "application/json")]
        }
        let keys = texts[1..<(1 + spec.secrets.count)]
        headers += WebhookSignature.headers(
            id: WebhookSignature.id(of: alert),
            at: now,
            body: body,
            keys: keys.map(WebhookSignature.key)
        )
        headers += zip(headerNames, texts[(1 + spec.secrets.count)...]).map { ($0, $1) }
        return ReceiverMessage(url: texts[0], headers: headers, body: body)
    }

    static func cloudEvent(_ alert: Alert) -> JSONValue {
        var event: [String: JSONValue] = [
            "specversion": "1.0", "id": .string(WebhookSignature.id(of: alert)),
            "source": .string("/martlet/\(alert.incident?.project ?? alert.pipeline?.rawValue ?? "project")"),
            "type": .string("martlet.\(alert.kind.rawValue)"), "time": .string(alert.at.description),
            "datacontenttype": "application/json",
        ]
        event["subject"] = (alert.incident?.key ?? alert.run?.rawValue).map(JSONValue.string)
        event["data"] = (try? JSONText.decode(JSONValue.self, from: JSONText.data(alert))) ?? .null
        return .object(event)
    }

    static func alertmanagerMessage(_ notice: IncidentNotice, to name: NotifierID) -> JSONValue {
        let alerts = notice.items.map { item -> [String: JSONValue] in
            [
                "status": item.state.isOpen ? "firing" : "resolved",
                "labels": .object(AlertmanagerFormat.labels(item, notice, [:])),
                "annotations": .object(AlertmanagerFormat.annotations(item, notice)),
                "startsAt": .string(item.since.description),
                // The zero time of Go, while it lasts.
                "endsAt": .string(
                    item.state.isOpen ? "0001-01-01T00:00:00Z" : (item.resolvedAt ?? item.since).description
                ),
                "generatorURL": .string(item.failure.report ?? ""),
                "fingerprint": .string(String(item.fingerprint.prefix(16))),
            ]
        }
        return .object([
            "version": "4", "groupKey": .string(notice.key), "truncatedAlerts": .integer(notice.more),
            "status": notice.isResolved ? "resolved" : "firing", "receiver": .string(name.rawValue),
            "groupLabels": .object(notice.labels.mapValues(JSONValue.string)),
            "commonLabels": .object(common(alerts, "labels")),
            "commonAnnotations": .object(common(alerts, "annotations")), "externalURL": "",
            "alerts": .array(alerts.map(JSONValue.object)),
        ])
    }

    /// The members that all of the alerts have with one value.
    private static func common(_ alerts: [[String: JSONValue]], _ part: String) -> [String: JSONValue] {
        guard case .object(var common)? = alerts.first?[part] else { return [:] }
        for alert in alerts.dropFirst() {
            common = common.filter { alert[part]?[$0.key] == $0.value }
        }
        return common
    }
}
