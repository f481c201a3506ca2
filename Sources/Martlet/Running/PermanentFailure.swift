/// Thrown by the body of a step when trying again cannot help; the step fails whatever its retries.
public struct PermanentFailure: Error, Hashable, Sendable {
    /// What is wrong.
    public let message: String
    /// Why it is so.
    public let reason: String?
    /// What to do about it.
    public let remedy: String?

    /// A failure that stays.
    public init(_ message: String, reason: String? = nil, remedy: String? = nil) {
        self.message = message
        self.reason = reason
        self.remedy = remedy
    }
}
