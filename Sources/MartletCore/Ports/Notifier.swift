/// Tells people of something: a line in a log, a program, a chat, a pager, a mail server.
public protocol Notifier: Sendable {
    /// How often a delivery that failed is tried again, by those who keep no deliveries.
    var retries: Int { get }

    /// Least time between two deliveries.
    var spacing: Duration { get }

    /// How often it has to be told again of what lasts; nil when once is enough.
    var refreshInterval: Duration? { get }

    /// Delivers the alert; returns when the other side has taken it.
    ///
    /// The same alert may come twice when the first delivery's end was not known. Secrets are masked before. Cancelling
    /// the calling task ends the delivery, with any result.
    ///
    /// - Throws: ``MartletError`` MT2050 when it was not taken.
    func deliver(_ alert: Alert) async throws(MartletError)

    /// Delivers the alert, and says what to do when it was not taken.
    func attempt(_ alert: Alert) async -> DeliveryAttempt
}

/// What came of an attempt to deliver an alert.
public enum DeliveryAttempt: Hashable, Sendable {
    /// The other side has it.
    case taken
    /// It may take it later; not before the pause that it asks for.
    case failed(MartletError, retryAfter: Duration?)
    /// It will never take it.
    case refused(MartletError)
}

extension Notifier {
    /// No time: whoever wants to be spared says so.
    public var spacing: Duration { .zero }

    /// Once is enough.
    public var refreshInterval: Duration? { nil }

    /// Delivers the alert; whatever fails may be mended.
    public func attempt(_ alert: Alert) async -> DeliveryAttempt {
        do throws(MartletError) {
            try await deliver(alert)
            return .taken
        } catch {
            return .failed(error, retryAfter: nil)
        }
    }
}
