import Crypto
import Foundation
import MartletCore

/// Events of PagerDuty's Events API v2.
///
/// As in https://developer.pagerduty.com/docs/events-api-v2/overview/.
struct PagerDutyFormat: ReceiverFormat {
    /// Characters of a `dedup_key`.
    static let keyLimit = 255
    /// Characters of a `summary`.
    static let summaryLimit = 1_024
    /// Bytes of an event.
    static let bodyLimit = 512 << 10

    let spec: PagerDutySpec

    var settings: [SettingText] { [spec.routingKey] }

    // The service allows a hundred and twenty events a minute to each integration.
    var spacing: Duration { .milliseconds(500) }

    func message(_ alert: Alert, texts: [String], at now: Timestamp) -> ReceiverMessage? {
        var event = Self.event(alert)
        event["routing_key"] = .string(texts[0])
        event["client"] = "Martlet"
        var body = JSONText.bytes(event)
        // The incidents are by far the longest part.
        var most = alert.incident?.items.count ?? 0
        while body.count > Self.bodyLimit, most > 0, let notice = alert.incident {
            most /= 2
            if case .object(var payload)? = event["payload"] {
                payload["custom_details"] = Self.details(notice, most: most)
                event["payload"] = .object(payload)
            }
            body = JSONText.bytes(event)
        }
        return ReceiverMessage(url: spec.url, headers: [("Content-Type", "application/json")], body: body)
    }

    static func event(_ alert: Alert) -> [String: JSONValue] {
        let notice = alert.incident
        var event: [String: JSONValue] = [
            "event_action": .string(action(alert)), "dedup_key": .string(key(notice?.key ?? alert.id)),
        ]
        // Only what opens an incident has to say what it is.
        var payload: [String: JSONValue] = [
            "summary": .string(String(alert.text.prefix(summaryLimit))),
            "source": .string(notice?.project ?? alert.pipeline?.rawValue ?? "martlet"),
            "severity": .string(severity(alert)), "timestamp": .string(alert.at.description),
        ]
        if let dataset = notice?.items.first?.failure.dataset { payload["component"] = .string(dataset.rawValue) }
        if let pipeline = alert.pipeline { payload["group"] = .string(pipeline.rawValue) }
        payload["class"] = .string(notice?.items.first?.failure.check ?? alert.kind.rawValue)
        payload["custom_details"] = notice.map { details($0, most: $0.items.count) } ?? plainDetails(alert)
        event["payload"] = .object(payload)
        if let runbook = notice?.runbook, runbook.hasPrefix("http") {
            event["links"] = .array([.object(["href": .string(runbook), "text": "Runbook"])])
        }
        return event
    }

    private static func action(_ alert: Alert) -> String {
        switch alert.kind {
        case .incidentResolved: "resolve"
        case .incidentAcknowledged: "acknowledge"
        default: "trigger"
        }
    }

    private static func severity(_ alert: Alert) -> String {
        switch alert.incident?.severity {
        case .critical: "critical"
        case .warning: "warning"
        case .info: "info"
        case nil: [.deadlineMissed, .runFailed, .pipelinePaused].contains(alert.kind) ? "error" : "warning"
        }
    }

    /// The key itself, or what stands for it when it is too long.
    static func key(_ text: String) -> String {
        if text.count <= keyLimit { return text }
        return "martlet-\(HexText.text(of: Array(SHA256.hash(data: Data(text.utf8)))))"
    }

    private static func details(_ notice: IncidentNotice, most: Int) -> JSONValue {
        var details: [String: JSONValue] = [:]
        for fact in NoticeText.facts(notice) { details[fact.name] = .string(fact.text) }
        details["incidents"] = .array(
            notice.items.prefix(most).map { item in
                .object(
                    Dictionary(NoticeText.facts(item).map { ($0.name, .string($0.text)) }) { first, _ in first }
                )
            }
        )
        let left = notice.more + max(0, notice.items.count - most)
        if left > 0 { details["not_shown"] = .integer(left) }
        return .object(details)
    }

    private static func plainDetails(_ alert: Alert) -> JSONValue {
        var details: [String: JSONValue] = ["kind": .string(alert.kind.rawValue)]
        details["run"] = alert.run.map { .string($0.rawValue) }
        details["step"] = alert.step.map { .string($0.description) }
        details["error"] = alert.error.map { .string($0.description) }
        return .object(details)
    }
}
