public import MartletCore

/// Tells a service on the web, each time by a `curl` of its own.
///
/// Redirects are not followed: what is sent is meant for one address. Nothing of the address or the answer is shown
/// that could hold a secret.
public struct HTTPReceiver: Notifier {
    /// Calls by those who keep no deliveries.
    public let retries = 3

    private let name: NotifierID
    private let format: any ReceiverFormat
    private let exchange: HTTPExchange
    private let settings: ReceiverSettings
    private let time: any TimeSource
    private let timeoutSeconds: Int

    init(
        _ name: NotifierID,
        _ format: any ReceiverFormat,
        exchange: HTTPExchange,
        settings: ReceiverSettings,
        time: any TimeSource,
        timeoutSeconds: Int = Limits.receiverSeconds
    ) {
        self.name = name
        self.format = format
        self.exchange = exchange
        self.settings = settings
        self.time = time
        self.timeoutSeconds = timeoutSeconds
    }

    /// Least time between two requests.
    public var spacing: Duration { format.spacing }

    /// How often it has to be told again of what lasts.
    public var refreshInterval: Duration? { format.refreshInterval }

    /// Tells the service.
    ///
    /// - Throws: ``MartletError`` MT5054 or MT5055 when it does not take it, MT5056 when a secret is not there.
    public func deliver(_ alert: Alert) async throws(MartletError) {
        switch await attempt(alert) {
        case .taken: return
        case .failed(let error, _), .refused(let error): throw error
        }
    }

    /// Tells the service, and says what to do when it does not take it.
    public func attempt(_ alert: Alert) async -> DeliveryAttempt {
        let resolved: ReceiverSettings.Resolved
        do throws(MartletError) {
            resolved = try await settings.resolve(format.settings)
        } catch {
            var told = error
            told.message = "notifier \(name): \(error.message)"
            // Whoever sets it mends it.
            return .failed(told, retryAfter: nil)
        }
        let mask = SecretMask(resolved.secrets + resolved.texts)
        guard let message = format.message(alert, texts: resolved.texts, at: time.now) else { return .taken }
        guard message.url.hasPrefix("http://") || message.url.hasPrefix("https://") else {
            return .refused(
                error(.receiverRefused, "its address is not one of the web", remedy: "it begins with https://", mask)
            )
        }
        let request = HTTPRequest(
            url: message.url,
            method: "POST",
            headers: message.headers,
            body: message.body,
            timeoutSeconds: timeoutSeconds,
            answerLimit: Limits.receiverAnswerBytes
        )
        do throws(HTTPExchange.Failure) {
            return judge(try await exchange.send(request), mask)
        } catch {
            if error.isUnstartable {
                return .failed(
                    self.error(
                        .receiverFailed,
                        "curl does not start",
                        reason: error.reason,
                        remedy: "install curl",
                        mask
                    ),
                    retryAfter: nil
                )
            }
            let told = self.error(.receiverFailed, "it does not answer", reason: error.reason, mask)
            // The scheme is a known one: curl calls garbage an unknown protocol too.
            return error.code == 3 ? .refused(told) : .failed(told, retryAfter: nil)
        }
    }

    private func judge(_ reply: HTTPReply, _ mask: SecretMask?) -> DeliveryAttempt {
        let text = String(decoding: reply.body.prefix(300), as: UTF8.self)
        let shown = text.isEmpty ? nil : text
        switch reply.status {
        case 200...299:
            guard let objection = format.objection(to: reply) else { return .taken }
            return .failed(
                error(
                    .receiverFailed,
                    "its answer is not the one that such a service gives: \(objection)",
                    reason: shown,
                    mask
                ),
                retryAfter: nil
            )
        case 300...399:
            return .refused(
                error(
                    .receiverRefused,
                    "it points to another address (status \(reply.status)), which is not followed",
                    remedy: "name the address that it points to",
                    mask
                )
            )
        case 408, 425, 429, 500...:
            return .failed(
                error(.receiverFailed, "it answers with status \(reply.status)", reason: shown, mask),
                retryAfter: Self.retryAfter(reply)
            )
        default:
            return .refused(
                error(.receiverRefused, "it answers with status \(reply.status)", reason: shown, mask)
            )
        }
    }

    /// The pause that an answer asks for, in seconds; dates, which are rare, are left to the usual pauses.
    private static func retryAfter(_ reply: HTTPReply) -> Duration? {
        guard let text = reply.headers["retry-after"], let seconds = Int(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, Limits.retryAfterSeconds))
    }

    private func error(
        _ code: ErrorCode,
        _ what: String,
        reason: String? = nil,
        remedy: String? = nil,
        _ mask: SecretMask?
    ) -> MartletError {
        let error = MartletError(
            code,
            "notifier \(name) did not take the notification: \(what)",
            reason: reason,
            remedy: remedy ?? "check the notifier in martlet.yaml, and the settings it refers to"
        )
        return mask?.masked(error) ?? error
    }
}
