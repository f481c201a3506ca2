import MartletCore

/// How one kind of service is told of alerts, by a web request.
protocol ReceiverFormat: Sendable {
    /// What it refers to: addresses and secrets, in an order that ``message(_:texts:at:)`` knows.
    var settings: [SettingText] { get }
    /// Least time between two requests.
    var spacing: Duration { get }
    /// How often it has to be told again of what lasts.
    var refreshInterval: Duration? { get }

    /// Puts an alert in the words of the service.
    ///
    /// - Parameters:
    ///   - alert: what to tell.
    ///   - texts: ``settings`` with their values.
    ///   - now: the time.
    /// - Returns: what is sent; nil when there is nothing to tell it.
    func message(_ alert: Alert, texts: [String], at now: Timestamp) -> ReceiverMessage?

    /// What is wrong with an answer whose status is in order; nil when nothing is.
    func objection(to reply: HTTPReply) -> String?
}

/// A request that tells of an alert.
struct ReceiverMessage: Sendable {
    var url: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]
}

extension ReceiverFormat {
    var spacing: Duration { .zero }
    var refreshInterval: Duration? { nil }
    func objection(to reply: HTTPReply) -> String? { nil }
}
