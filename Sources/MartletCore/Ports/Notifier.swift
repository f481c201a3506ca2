/// Tells people of something: a line in a log, a program, later a chat or a mail server.
public protocol Notifier: Sendable {
    /// How often a delivery that failed is tried again.
    var retries: Int { get }

    /// Delivers the alert; returns when the other side has taken it.
    ///
    /// The same alert may come twice when the first delivery's end was not known. Secrets are masked before. Cancelling
    /// the calling task ends the delivery, with any result.
    ///
    /// - Throws: ``MartletError`` MT2050 when it was not taken.
    func deliver(_ alert: Alert) async throws(MartletError)
}
