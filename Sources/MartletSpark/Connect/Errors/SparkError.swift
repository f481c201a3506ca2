public import MartletCore

/// A failure that Spark reported, or that was met on the way to it, with all that is known about it.
public struct SparkError: Error, Hashable, Sendable {
    /// Who can do something about a failure.
    public enum Kind: String, Hashable, Sendable {
        /// The author of the query: it fails each time.
        case user
        /// Nobody: the same may succeed when it is tried again.
        case retryable
        /// Those who run the cluster or the storage.
        case infrastructure
        /// It was cancelled, as somebody wished.
        case cancelled
    }

    /// Who can do something about it.
    public var kind: Kind
    /// Spark's name of the condition, as in `TABLE_OR_VIEW_NOT_FOUND`.
    public var errorClass: String?
    /// The five characters of standard SQL, as in `42P01`.
    public var sqlState: String?
    /// The parameters of the message by name.
    public var parameters: [String: String]
    /// What Spark says, whole.
    public var message: String
    /// The JVM class of the exception.
    public var exceptionClass: String?
    /// The parts of the query that it is about.
    public var contexts: [SparkQueryContext]
    /// What caused it, nearest first.
    public var causes: [SparkCause]
    /// The first frames of the JVM's stack.
    public var stack: [String]
    /// The failure as people see it.
    public var error: MartletError

    /// A failure.
    public init(
        _ kind: Kind,
        _ error: MartletError,
        errorClass: String? = nil,
        sqlState: String? = nil,
        parameters: [String: String] = [:],
        message: String? = nil,
        exceptionClass: String? = nil,
        contexts: [SparkQueryContext] = [],
        causes: [SparkCause] = [],
        stack: [String] = []
    ) {
        self.kind = kind
        self.error = error
        self.errorClass = errorClass
        self.sqlState = sqlState
        self.parameters = parameters
        self.message = message ?? error.message
        self.exceptionClass = exceptionClass
        self.contexts = contexts
        self.causes = causes
        self.stack = stack
    }
}

extension SparkError: CustomStringConvertible {
    /// The failure as people see it.
    public var description: String { error.description }
}

/// A part of a query that a failure is about.
public struct SparkQueryContext: Hashable, Sendable {
    /// The text of the part.
    public var fragment: String
    /// Where it begins in the query, counted in characters from 0; nil when it is not from a text.
    public var start: Int?
    /// Where its last character is; nil when it is not from a text.
    public var stop: Int?
    /// The kind of object that the text is of, as in `VIEW`; empty for the query itself.
    public var objectType: String
    /// The name of that object.
    public var objectName: String
    /// The line of the program that made it, for what is not from a text.
    public var callSite: String?
}

/// One exception of a chain.
public struct SparkCause: Hashable, Sendable {
    /// The JVM class.
    public var exceptionClass: String
    /// What it says.
    public var message: String
    /// Spark's name of the condition, when it has one.
    public var errorClass: String?
    /// The first frames of the stack.
    public var stack: [String]
}
