/// A cron expression that is wrong.
public struct InvalidCron: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field, when one is to blame.
    public let field: String?
    /// What is wrong.
    public let reason: String
    /// What to do.
    public let remedy: String

    /// The reason, with the field before it.
    public var description: String { (field.map { "\($0): " } ?? "") + reason }
}
