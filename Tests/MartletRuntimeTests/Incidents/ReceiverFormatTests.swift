import Foundation
import MartletCore
import MartletQuality
import MartletTestKit
import Testing

@testable import MartletRuntime

/// What each service is sent, held against its documentation.
@Suite(.tags(.machine))
struct ReceiverFormatTests {
    private func document(_ format: some ReceiverFormat, _ alert: Alert, _ texts: [String]) throws -> JSONValue {
        let message = try #require(format.message(alert, texts: texts, at: NoticeSamples.now))
        return try JSONText.decode(JSONValue.self, from: Data(message.body))
    }

    private func many(_ count: Int) -> [CheckObservation] {
        (0..<count).map { number in
            NoticeSamples.failure("check \(number)", observed: String(repeating: "long & <text> ", count: 100))
        }
    }

    // MARK: - Slack

    @Test(arguments: [1, 3, 60])
    func slackMessagesKeepTheLimits(count: Int) throws {
        let alerts = try NoticeSamples.alerts(many(count))
        for alert in [alerts.trigger, alerts.resolved, NoticeSamples.plain] {
            let message = try document(SlackFormat(url: SettingText("x")), alert, ["x"])
            let blocks = try #require(message["blocks"]).elements
            #expect((1...SlackFormat.blockLimit).contains(blocks.count))
            #expect(message["text"]?.stringValue?.isEmpty == false)
            for block in blocks {
                let text = block["text"]?["text"]?.stringValue
                switch block["type"] {
                case "header":
                    #expect(block["text"]?["type"] == "plain_text")
                    #expect((text?.utf16.count ?? 0) <= 150)
                case "section":
                    #expect(block["text"]?["type"] == "mrkdwn")
                    #expect((1...3_000).contains(text?.utf16.count ?? 0))
                    // No markup of ours, so none may come from data.
                    #expect(text?.contains("<") == false)
                case "context": #expect(block["elements"]?.elements.count == 1)
                case "divider": #expect(text == nil)
                default: Issue.record("a block of type \(block["type"]?.jsonText ?? "")")
                }
            }
        }
    }

    // MARK: - PagerDuty

    @Test(arguments: [1, 2_000])
    func pagerDutyEventsKeepTheLimits(count: Int) throws {
        let alerts = try NoticeSamples.alerts(many(count))
        let format = PagerDutyFormat(spec: PagerDutySpec(routingKey: try SettingText("k")))
        let trigger = try document(format, alerts.trigger, ["key"])
        #expect(trigger["routing_key"] == "key")
        #expect(trigger["event_action"] == "trigger")
        let key = try #require(trigger["dedup_key"]?.stringValue)
        #expect((1...255).contains(key.count))
        let payload = try #require(trigger["payload"])
        #expect((1...1_024).contains(payload["summary"]?.stringValue?.count ?? 0))
        #expect(payload["severity"] == "critical")
        #expect(payload["source"] == "flights")
        #expect(payload["component"] == "flights/raw")
        #expect(payload["timestamp"]?.stringValue.flatMap(Timestamp.init(rfc3339:)) != nil)
        #expect(trigger["links"]?.elements.first?["href"] == "https://example.com/runbook")
        #expect(JSONText.bytes(trigger).count <= 512 << 10)
        let resolve = try document(format, alerts.resolved, ["key"])
        #expect(resolve["event_action"] == "resolve")
        #expect(resolve["dedup_key"]?.stringValue == key)
    }

    @Test func longKeysAreShortenedTheSameEachTime() {
        let long = String(repeating: "k", count: 300)
        #expect(PagerDutyFormat.key(long).count <= 255)
        #expect(PagerDutyFormat.key(long) == PagerDutyFormat.key(long))
        #expect(PagerDutyFormat.key(long) != PagerDutyFormat.key(long + "k"))
        #expect(PagerDutyFormat.key("short") == "short")
    }

    @Test func aPlainAlertIsAnEventToo() throws {
        let format = PagerDutyFormat(spec: PagerDutySpec(routingKey: try SettingText("k")))
        let event = try document(format, NoticeSamples.plain, ["key"])
        #expect(event["event_action"] == "trigger")
        #expect(event["dedup_key"] == "run_failed/etl-1")
        #expect(event["payload"]?["severity"] == "error")
    }

    // MARK: - Alertmanager

    @Test func alertsOfAlertmanagerBeginAndEnd() throws {
        let spec = AlertmanagerSpec(url: try SettingText("http://am:9093/"), labels: ["team": "data"])
        let format = AlertmanagerFormat(spec: spec)
        let alerts = try NoticeSamples.alerts([
            NoticeSamples.failure(), NoticeSamples.failure("other"),
        ])
        let message = try #require(format.message(alerts.trigger, texts: ["http://am:9093/"], at: NoticeSamples.now))
        #expect(message.url == "http://am:9093/api/v2/alerts")
        let firing = try document(format, alerts.trigger, ["http://am:9093"]).elements
        let resolved = try document(format, alerts.resolved, ["http://am:9093"]).elements
        #expect(firing.count == 2)
        for alert in firing + resolved {
            let labels = try #require(alert["labels"])
            #expect(labels["alertname"] == "MartletCheckFailed")
            #expect(labels["team"] == "data")
            let starts = try #require(alert["startsAt"]?.stringValue.flatMap(Timestamp.init(rfc3339:)))
            let ends = try #require(alert["endsAt"]?.stringValue.flatMap(Timestamp.init(rfc3339:)))
            #expect(starts < ends)
        }
        // The end is of the same alerts.
        #expect(Set(firing.map { $0["labels"] }) == Set(resolved.map { $0["labels"] }))
        let end = resolved.first?["endsAt"]?.stringValue.flatMap(Timestamp.init(rfc3339:))
        #expect(end.map { $0 < NoticeSamples.now + .seconds(120) } == true)
    }

    @Test func aWorseAlertOfAlertmanagerEndsTheFormerOne() throws {
        var alert = try NoticeSamples.alerts([NoticeSamples.failure()]).trigger
        alert.incident?.items[0].formerSeverity = .warning
        let json = AlertmanagerFormat.alerts(
            alert,
            extra: [:],
            at: NoticeSamples.now + .seconds(9),
            endsAt: NoticeSamples.now + .seconds(99)
        )
        #expect(json.elements.map { $0["labels"]?["severity"] } == ["critical", "warning"])
        #expect(json.elements.last?["endsAt"]?.stringValue == (NoticeSamples.now + .seconds(9)).description)
    }

    @Test func webhooksOfAlertmanagerAreVersionFour() throws {
        let alerts = try NoticeSamples.alerts([NoticeSamples.failure(), NoticeSamples.failure("other")])
        let spec = WebhookSpec(url: try SettingText("http://h"), format: .alertmanager)
        let format = WebhookFormat(spec, name: NoticeSamples.receiver)
        let firing = try document(format, alerts.trigger, ["http://h"])
        #expect(firing["version"] == "4")
        #expect(firing["status"] == "firing")
        #expect(firing["receiver"] == "chat")
        #expect(firing["groupLabels"]?["dataset"] == "flights/raw")
        #expect(firing["commonLabels"]?["pipeline"] == "etl")
        #expect(firing["commonLabels"]?["check"] == nil)
        #expect(firing["truncatedAlerts"] == 0)
        for alert in try #require(firing["alerts"]).elements {
            #expect(alert["endsAt"] == "0001-01-01T00:00:00Z")
            #expect(alert["fingerprint"]?.stringValue?.count == 16)
        }
        let resolved = try document(format, alerts.resolved, ["http://h"])
        #expect(resolved["status"] == "resolved")
        #expect(resolved["groupKey"] == firing["groupKey"])
    }

    // MARK: - Webhooks

    @Test func webhooksAreEventsThatCanBeChecked() throws {
        let alert = try NoticeSamples.alerts([NoticeSamples.failure()]).trigger
        let spec = WebhookSpec(
            url: try SettingText("http://h"),
            secrets: [try SettingText("{{ vars.new }}"), try SettingText("{{ vars.old }}")],
            headers: ["X-Team": try SettingText("data")]
        )
        let format = WebhookFormat(spec, name: NoticeSamples.receiver)
        let new = "whsec_\(Data("a new key".utf8).base64EncodedString())"
        let message = try #require(
            format.message(alert, texts: ["http://h", new, "old key", "data"], at: NoticeSamples.now)
        )
        var headers = Dictionary(message.headers.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(headers["X-Team"] == "data")
        #expect(headers["webhook-signature"]?.split(separator: " ").count == 2)
        let event = try JSONText.decode(JSONValue.self, from: Data(message.body))
        #expect(event["specversion"] == "1.0")
        #expect(event["id"]?.stringValue == headers["webhook-id"])
        #expect(event["type"] == "martlet.incident_firing")
        #expect(event["source"] == "/martlet/flights")
        #expect(event["data"]?["incident"]?["items"]?.elements.first?["failure"]?["unexpected_count"] == 3)
        let now = NoticeSamples.now
        func isValid(_ keys: [String], _ body: [UInt8]? = nil, at instant: Timestamp = now) -> Bool {
            WebhookSignature.isValid(headers: headers, body: body ?? message.body, keys: keys, at: instant)
        }
        #expect(isValid([new]) && isValid(["old key"]) && isValid(["other", new]))
        #expect(!isValid(["other"]) && !isValid([]))
        #expect(!isValid([new], message.body + [32]))
        #expect(isValid([new], at: now + .seconds(299)) && !isValid([new], at: now + .seconds(301)))
        headers["webhook-id"] = "msg_other"
        #expect(!isValid([new]))
    }

    /// The example of the specification of Standard Webhooks.
    @Test func signaturesAreThoseOfTheSpecification() {
        let headers = WebhookSignature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            at: Timestamp(seconds: 1_614_265_330),
            body: Array(#"{"test": 2432232314}"#.utf8),
            keys: [WebhookSignature.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
        )
        #expect(headers.last?.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func anAlertHasOneIdAtEachAttempt() throws {
        let alert = try NoticeSamples.alerts([NoticeSamples.failure()]).trigger
        #expect(WebhookSignature.id(of: alert) == WebhookSignature.id(of: alert))
        #expect(WebhookSignature.id(of: alert) != WebhookSignature.id(of: NoticeSamples.plain))
    }

    // MARK: - Mail

    @Test func mailsOfAGroupAreOneThread() throws {
        let alerts = try NoticeSamples.alerts(many(30))
        let mails = [alerts.trigger, alerts.resolved].map {
            MailMessage($0, from: "Martlet <martlet@example.com>", to: ["ada@example.com"])
        }
        let headers = mails.map { Dictionary($0.headers.map { ($0.name, $0.value) }) { first, _ in first } }
        #expect(headers[0]["References"] == headers[1]["References"])
        #expect(headers[0]["Message-ID"] != headers[1]["Message-ID"])
        #expect(headers[0]["Auto-Submitted"] == "auto-generated")
        #expect(headers[0]["Subject"]?.hasPrefix("[critical] ") == true)
        #expect(mails[0].sender == "martlet@example.com")
        #expect(mails[0].html.contains("&lt;text&gt;") && !mails[0].html.contains("<text>"))
        #expect(mails[0].text.count < 2 * MailMessage.partLimit)
    }

    @Test func noHeaderOfAMailCanBeAddedByData() throws {
        var alert = NoticeSamples.plain
        alert.text = "bad\r\nBcc: eve@example.com 日本"
        let mail = MailMessage(alert, from: "a@example.com", to: ["b@example.com\r\nBcc: c@example.com"])
        for (_, value) in mail.headers { #expect(!value.contains { $0.isNewline }) }
        let subject = mail.headers.first { $0.name == "Subject" }?.value
        #expect(subject?.hasPrefix("=?utf-8?B?") == true)
    }

    // MARK: - All

    @Test func everyTextMaySayAnything() throws {
        let nasty = "'; rm -rf / # \u{0}\u{1b}[31m <!channel> {{ vars.x }} \"\\\u{1F426}"
        var failure = NoticeSamples.failure(nasty, observed: nasty)
        failure.title = nasty
        let alert = try NoticeSamples.alerts([failure]).trigger
        let formats: [any ReceiverFormat] = [
            SlackFormat(url: try SettingText("x")),
            PagerDutyFormat(spec: PagerDutySpec(routingKey: try SettingText("x"))),
            AlertmanagerFormat(spec: AlertmanagerSpec(url: try SettingText("x"))),
            WebhookFormat(WebhookSpec(url: try SettingText("x")), name: NoticeSamples.receiver),
        ]
        for format in formats {
            let message = try #require(format.message(alert, texts: ["x"], at: NoticeSamples.now))
            #expect(throws: Never.self) { try JSONText.decode(JSONValue.self, from: Data(message.body)) }
        }
    }
}
