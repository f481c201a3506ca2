import Crypto
import Foundation
public import MartletCore

/// Sends mails by a mail server, each by a `curl` of its own: RFC 5322, and MIME with text and HTML.
public struct MailReceiver: Notifier {
    /// Calls by those who keep no deliveries.
    public let retries = 3
    /// Mail servers hold mass mailings against their senders.
    public let spacing: Duration = .seconds(1)

    private let name: NotifierID
    private let spec: MailSpec
    private let exchange: HTTPExchange
    private let settings: ReceiverSettings

    init(_ name: NotifierID, _ spec: MailSpec, exchange: HTTPExchange, settings: ReceiverSettings) {
        self.name = name
        self.spec = spec
        self.exchange = exchange
        self.settings = settings
    }

    /// Sends a mail.
    ///
    /// - Throws: ``MartletError`` MT5054 when the mail server does not take it, MT5056 when a secret is not there.
    public func deliver(_ alert: Alert) async throws(MartletError) {
        let resolved = try await settings.resolve([spec.user, spec.password].compactMap(\.self))
        let request = request(alert, login: resolved.texts.isEmpty ? nil : resolved.texts.joined(separator: ":"))
        do throws(HTTPExchange.Failure) {
            try await exchange.deliver(request)
        } catch {
            let told = MartletError(
                .receiverFailed,
                "notifier \(name) did not take the notification: the mail server \(spec.host) does not take the mail",
                reason: error.reason,
                remedy: error.isUnstartable ? "install curl" : "check host, port, encryption and login in martlet.yaml"
            )
            throw SecretMask(resolved.secrets + resolved.texts)?.masked(told) ?? told
        }
    }

    private func request(_ alert: Alert, login: String?) -> HTTPRequest {
        let scheme = spec.encryption == .tls ? "smtps" : "smtp"
        let port = spec.port ?? (spec.encryption == .tls ? 465 : spec.encryption == .startTLS ? 587 : 25)
        let mail = MailMessage(alert, from: spec.from, to: spec.to)
        var options: [(name: String, value: String?)] = [("mail-from", mail.sender)]
        options += spec.to.map { ("mail-rcpt", MailMessage.address($0)) }
        if spec.encryption == .startTLS { options.append(("ssl-reqd", nil)) }
        if let login { options.append(("user", login)) }
        options += [
            ("form", "=(;type=multipart/alternative"),
            ("form", Self.part(mail.text, "text/plain; charset=utf-8")),
            ("form", Self.part(mail.html, "text/html; charset=utf-8")), ("form", "=)"),
        ]
        return HTTPRequest(
            url: "\(scheme)://\(spec.host):\(port)",
            headers: mail.headers,
            timeoutSeconds: Limits.receiverSeconds,
            answerLimit: Limits.receiverAnswerBytes,
            options: options,
            schemes: "smtp,smtps"
        )
    }

    /// A part in the words of curl's `--form`: quoted, so that nothing in it is taken for a file or a setting.
    private static func part(_ text: String, _ type: String) -> String {
        let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "=\"\(quoted)\";type=\(type);encoder=quoted-printable"
    }
}
