/// A service that tells people, as the project file says.
public enum ReceiverSpec: Hashable, Sendable {
    /// A Slack channel, by the address of its incoming webhook, which is a secret.
    case slack(url: SettingText)
    case pagerDuty(PagerDutySpec)
    case alertmanager(AlertmanagerSpec)
    case webhook(WebhookSpec)
    case mail(MailSpec)
}

/// A service of PagerDuty, by the Events API v2.
public struct PagerDutySpec: Hashable, Sendable {
    /// Where events go, unless told otherwise.
    public static let address = "https://events.pagerduty.com/v2/enqueue"

    /// The integration key: a secret.
    public var routingKey: SettingText
    /// Where events go; another one for accounts in the EU.
    public var url: String

    /// The service of `routingKey`.
    public init(routingKey: SettingText, url: String = PagerDutySpec.address) {
        self.routingKey = routingKey
        self.url = url
    }
}

/// An Alertmanager.
public struct AlertmanagerSpec: Hashable, Sendable {
    /// Its address, as in `http://alertmanager:9093`; with a login and password where it wants them.
    public var url: SettingText
    /// Labels that every alert gets.
    public var labels: [String: String]
    /// How long an alert counts as firing after it was last sent.
    public var holdSeconds: Double

    /// The Alertmanager at `url`; alerts outlive us by four hours.
    public init(url: SettingText, labels: [String: String] = [:], holdSeconds: Double = 4 * 3600) {
        self.url = url
        self.labels = labels
        self.holdSeconds = holdSeconds
    }
}

/// A program behind a web address.
public struct WebhookSpec: Hashable, Sendable {
    /// What it is sent.
    public enum Format: String, Hashable, Sendable, CaseIterable {
        /// A CloudEvents 1.0 event whose data is the alert.
        case cloudEvents = "cloudevents"
        /// What Alertmanager sends to its webhook receivers, version 4.
        case alertmanager
    }

    /// Its address.
    public var url: SettingText
    /// The keys that requests are signed with, each a secret; none leaves them unsigned.
    public var secrets: [SettingText]
    /// What it is sent.
    public var format: Format
    /// Headers that every request gets; the values may be secrets.
    public var headers: [String: SettingText]

    /// The program behind `url`.
    public init(
        url: SettingText,
        secrets: [SettingText] = [],
        format: Format = .cloudEvents,
        headers: [String: SettingText] = [:]
    ) {
        self.url = url
        self.secrets = secrets
        self.format = format
        self.headers = headers
    }
}

/// People who get mail.
public struct MailSpec: Hashable, Sendable {
    /// Whether the way to the mail server is encrypted.
    public enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// From the beginning: `smtps`.
        case tls
        /// After a greeting in the clear; without it nothing is sent.
        case startTLS = "starttls"
        /// Never: for a server on the same machine.
        case none
    }

    /// The mail server.
    public var host: String
    /// Its port; nil is the usual one.
    public var port: Int?
    /// Whether the way is encrypted.
    public var encryption: Encryption
    /// The user; nil sends without a login.
    public var user: SettingText?
    /// The password: a secret.
    public var password: SettingText?
    /// Whom mails come from.
    public var from: String
    /// Whom they go to.
    public var to: [String]

    /// Mail to `to` by way of `host`.
    public init(
        host: String,
        port: Int? = nil,
        encryption: Encryption = .startTLS,
        user: SettingText? = nil,
        password: SettingText? = nil,
        from: String,
        to: [String]
    ) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.user = user
        self.password = password
        self.from = from
        self.to = to
    }
}
