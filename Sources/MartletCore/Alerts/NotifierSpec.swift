/// How a notifier tells people, as the project file says.
public enum NotifierSpec: Hashable, Sendable {
    /// A line in a file of JSON lines; nil is the project's own, `.martlet/alerts.jsonl`.
    case log(path: String?)
    /// A program that reads the alert as JSON from its standard input.
    case command(CommandNotice)
    /// A service.
    case receiver(ReceiverSpec)
}

/// A program that tells people.
public struct CommandNotice: Hashable, Sendable {
    /// The program and its arguments; no shell reads them.
    public var arguments: [String]
    /// Longest run time of one call.
    public var timeoutSeconds: Double
    /// How often a call that failed is repeated.
    public var retries: Int
    /// Variables added to its environment.
    public var env: [String: String]

    /// A program with ten seconds for each of at most four calls, unless told otherwise.
    public init(arguments: [String], timeoutSeconds: Double = 10, retries: Int = 3, env: [String: String] = [:]) {
        self.arguments = arguments
        self.timeoutSeconds = timeoutSeconds
        self.retries = retries
        self.env = env
    }
}
