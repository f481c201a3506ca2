import MartletCore

// Services that tell people.
extension ProjectFile {
    /// The service under one of the keys `slack`, `pagerduty`, `alertmanager`, `webhook` and `email`.
    static func receiver(_ way: YAMLEntry, _ diagnostics: Diagnostics) -> ReceiverSpec? {
        switch way.key {
        case "slack": slack(way, diagnostics)
        case "pagerduty": pagerDuty(way, diagnostics)
        case "alertmanager": alertmanager(way, diagnostics)
        case "webhook": webhook(way, diagnostics)
        default: email(way, diagnostics)
        }
    }

    private static func slack(_ way: YAMLEntry, _ diagnostics: Diagnostics) -> ReceiverSpec? {
        guard let entries = diagnostics.mapping(way, form: "url: \"{{ vars.slack_url }}\"") else { return nil }
        KnownKeys.slack.check(entries, diagnostics)
        return secret("url", in: way, diagnostics).map { .slack(url: $0) }
    }

    private static func pagerDuty(_ way: YAMLEntry, _ diagnostics: Diagnostics) -> ReceiverSpec? {
        guard let entries = diagnostics.mapping(way, form: "routing_key: \"{{ vars.pagerduty_key }}\"") else {
            return nil
        }
        KnownKeys.pagerDuty.check(entries, diagnostics)
        guard let key = secret("routing_key", in: way, diagnostics) else { return nil }
        return .pagerDuty(
            PagerDutySpec(routingKey: key, url: diagnostics.text(way.value.entry("url")) ?? PagerDutySpec.address)
        )
    }

    private static func alertmanager(_ way: YAMLEntry, _ diagnostics: Diagnostics) -> ReceiverSpec? {
        guard let entries = diagnostics.mapping(way, form: "url: http://alertmanager:9093") else { return nil }
        KnownKeys.alertmanager.check(entries, diagnostics)
        guard let url = required("url", in: way, diagnostics) else { return nil }
        var spec = AlertmanagerSpec(url: url)
        for label in diagnostics.mapping(way.value.entry("labels"), form: "team: data") ?? [] {
            let isName = label.key.utf8.enumerated().allSatisfy { index, byte in
                byte == 95 || (65...90).contains(byte) || (97...122).contains(byte)
                    || index > 0 && (48...57).contains(byte)
            }
            if !isName || label.key.isEmpty {
                diagnostics.report(
                    .nameInvalid,
                    "\"\(label.key)\" cannot name a label",
                    reason: "labels have letters, digits and _, and no digit first",
                    at: label.keyPosition
                )
            }
            spec.labels[label.key] = diagnostics.text(label)
        }
        if let hold = diagnostics.seconds(way.value.entry("hold")) {
            spec.holdSeconds = hold
            if hold < 120, let entry = way.value.entry("hold") {
                diagnostics.reject(
                    entry.value,
                    "hold is shorter than two minutes",
                    reason: "alerts that last are sent again every minute",
                    remedy: "use a duration such as 4h"
                )
            }
        }
        return .alertmanager(spec)
    }

    private static func webhook(_ way: YAMLEntry, _ diagnostics: Diagnostics) -> ReceiverSpec? {
        guard let entries = diagnostics.mapping(way, form: "url: https://example.com/hook") else { return nil }
        KnownKeys.webhook.check(entries, diagnostics)
        guard let url = required("url", in: way, diagnostics) else { return nil }
        var spec = WebhookSpec(url: url)
        if let format: WebhookSpec.Format = diagnostics.choice(way.value.entry("format"), "format of webhooks") {
            spec.format = format
        }
        if way.value.entry("secret") != nil, let secret = secret("secret", in: way, diagnostics) {
            spec.secrets.append(secret)
        }
        if let entry = way.value.entry("secrets"), let texts = diagnostics.texts(entry) {
            spec.secrets += texts.compactMap { secret($0, at: entry, diagnostics) }
        }
        for header in diagnostics.mapping(way.value.entry("headers"), form: "X-Team: data") ?? [] {
            guard let text = diagnostics.text(header) else { continue }
            spec.headers[header.key] = reference(text, at: header, diagnostics)
        }
        return .webhook(spec)
    }

    private static func email(_ way: YAMLEntry, _ diagnostics: Diagnostics) -> ReceiverSpec? {
        let form = "host: smtp.example.com, from: martlet@example.com, to: [team@example.com]"
        guard let entries = diagnostics.mapping(way, form: form) else { return nil }
        KnownKeys.email.check(entries, diagnostics)
        let node = way.value
        for key in ["host", "from", "to"] where node.entry(key) == nil { missing(key, in: way, diagnostics) }
        guard let host = diagnostics.text(node.entry("host")), let from = diagnostics.text(node.entry("from")),
            let to = diagnostics.texts(node.entry("to"))
        else { return nil }
        if to.isEmpty, let entry = node.entry("to") { diagnostics.reject(entry.value, "to names nobody") }
        var spec = MailSpec(host: host, from: from, to: to)
        if let port = diagnostics.integer(node.entry("port")) {
            spec.port = port
            if !(1...65_535).contains(port), let entry = node.entry("port") {
                diagnostics.reject(entry.value, "port is \(port)", remedy: "use 1 to 65535")
            }
        }
        spec.encryption = diagnostics.choice(node.entry("encryption"), "kind of encryption") ?? spec.encryption
        if node.entry("user") != nil { spec.user = required("user", in: way, diagnostics) }
        if node.entry("password") != nil { spec.password = secret("password", in: way, diagnostics) }
        if (spec.user == nil) != (spec.password == nil) {
            missing(spec.user == nil ? "user" : "password", in: way, diagnostics)
        }
        return .mail(spec)
    }

    // MARK: - Texts that refer to settings

    /// A text that has to be there, and may refer to settings.
    private static func required(_ key: String, in way: YAMLEntry, _ diagnostics: Diagnostics) -> SettingText? {
        guard let entry = way.value.entry(key) else {
            missing(key, in: way, diagnostics)
            return nil
        }
        return diagnostics.text(entry).flatMap { reference($0, at: entry, diagnostics) }
    }

    /// A text that has to be there and is a secret, so that it has to be a reference.
    private static func secret(_ key: String, in way: YAMLEntry, _ diagnostics: Diagnostics) -> SettingText? {
        guard let entry = way.value.entry(key) else {
            missing(key, in: way, diagnostics)
            return nil
        }
        return diagnostics.text(entry).flatMap { secret($0, at: entry, diagnostics) }
    }

    private static func secret(_ text: String, at entry: YAMLEntry, _ diagnostics: Diagnostics) -> SettingText? {
        guard let reference = reference(text, at: entry, diagnostics) else { return nil }
        if reference.isReference { return reference }
        diagnostics.reject(
            entry.value,
            "\(entry.key) is a secret, and stands in the file",
            .receiverSecret,
            reason: "the file is read by everybody who sees the project",
            remedy: "keep it with `martlet variables set NAME --secret --stdin`, and write \"{{ vars.NAME }}\""
        )
        return nil
    }

    private static func reference(_ text: String, at entry: YAMLEntry, _ diagnostics: Diagnostics) -> SettingText? {
        do throws(MartletError) {
            return try SettingText(text)
        } catch {
            diagnostics.reject(entry.value, error.message, error.code, reason: error.reason, remedy: error.remedy)
            return nil
        }
    }

    private static func missing(_ key: String, in way: YAMLEntry, _ diagnostics: Diagnostics) {
        diagnostics.report(.keyMissing, "\(way.key) has no \(key)", at: way.keyPosition)
    }
}
