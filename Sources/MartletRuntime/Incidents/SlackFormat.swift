import MartletCore

/// Messages of Slack's incoming webhooks.
///
/// As in https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/.
struct SlackFormat: ReceiverFormat {
    /// Blocks of a message.
    static let blockLimit = 50
    /// Characters of a section.
    static let sectionLimit = 3_000
    /// Characters of a header.
    static let headerLimit = 150
    /// Incidents written out; the rest are counted.
    static let incidentLimit = 10

    let url: SettingText

    var settings: [SettingText] { [url] }

    // One message a second is what the service allows.
    var spacing: Duration { .seconds(1) }

    func message(_ alert: Alert, texts: [String], at now: Timestamp) -> ReceiverMessage? {
        ReceiverMessage(
            url: texts[0],
            headers: [("Content-Type", "application/json; charset=utf-8")],
            body: JSONText.bytes(Self.message(alert))
        )
    }

    func objection(to reply: HTTPReply) -> String? {
        let text = String(decoding: reply.body.prefix(16), as: UTF8.self)
        return text.hasPrefix("ok") ? nil : "it does not say ok"
    }

    static func message(_ alert: Alert) -> JSONValue {
        let title = "\(mark(alert)) \(alert.text)"
        var blocks: [JSONValue] = [
            .object([
                "type": "header",
                "text": .object(["type": "plain_text", "text": .string(cut(title, headerLimit)), "emoji": true]),
            ])
        ]
        if let notice = alert.incident {
            // The header shows only the beginning of a long sentence.
            if title.count > headerLimit { blocks.append(section(escaped(alert.text))) }
            for item in notice.items.prefix(incidentLimit) { blocks.append(section(lines(NoticeText.facts(item)))) }
            let left = notice.more + max(0, notice.items.count - incidentLimit)
            if left > 0 { blocks.append(section("… and \(left) more: `martlet incidents list`")) }
            blocks.append(.object(["type": "divider"]))
            blocks.append(section(lines(NoticeText.facts(notice))))
        } else {
            blocks.append(section(escaped(alert.text)))
            if let error = alert.error { blocks.append(section("```\(escaped(error.description))```")) }
        }
        let footer = "\(alert.kind.rawValue) · \(alert.at.minute)"
        blocks.append(
            .object([
                "type": "context",
                "elements": .array([.object(["type": "mrkdwn", "text": .string(escaped(footer))])]),
            ])
        )
        return .object([
            "text": .string(cut(escaped(title), sectionLimit)),
            "blocks": .array(Array(blocks.prefix(blockLimit))),
        ])
    }

    private static func mark(_ alert: Alert) -> String {
        switch alert.kind {
        case .incidentResolved: "✅"
        case .incidentAcknowledged: "👀"
        default: alert.incident?.severity == .warning ? "⚠️" : "🔴"
        }
    }

    private static func lines(_ facts: [NoticeText.Fact]) -> String {
        facts.map { "*\(escaped($0.name)):* \(escaped(cut($0.text, 500)))" }.joined(separator: "\n")
    }

    private static func section(_ text: String) -> JSONValue {
        .object([
            "type": "section",
            "text": .object(["type": "mrkdwn", "text": .string(cut(text, sectionLimit))]),
        ])
    }

    private static func cut(_ text: String, _ limit: Int) -> String {
        // Slack counts UTF-16, as JavaScript does.
        if text.utf16.count <= limit { return text }
        var kept = text.prefix(limit)
        while kept.utf16.count >= limit { kept.removeLast() }
        return "\(kept)…"
    }

    /// The three characters that Slack's own markup uses.
    ///
    /// As in https://docs.slack.dev/messaging/formatting-message-text/.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }
}
