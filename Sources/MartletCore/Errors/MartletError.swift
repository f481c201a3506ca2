/// What went wrong, why, and how to mend it.
public struct MartletError: Error, Hashable, Codable, Sendable {
    /// The stable number of this kind of error.
    public var code: ErrorCode
    /// What is wrong, naming the thing.
    public var message: String
    /// Why it is so, when that is known.
    public var reason: String?
    /// What to do next.
    public var remedy: String?
    /// Where in a file, when it is in one.
    public var location: SourceLocation?
    /// The native error of the library or system beneath.
    public var cause: String?

    /// An error with its explanation.
    public init(
        _ code: ErrorCode,
        _ message: String,
        reason: String? = nil,
        remedy: String? = nil,
        location: SourceLocation? = nil,
        cause: String? = nil
    ) {
        self.code = code
        self.message = message
        self.reason = reason
        self.remedy = remedy
        self.location = location
        self.cause = cause
    }
}

extension MartletError: CustomStringConvertible {
    /// The error as several lines of text: code and message, then why, fix and cause.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        var lines = ["\(place)error \(code): \(message)"]
        for (label, text) in [("why  ", reason), ("fix  ", remedy), ("cause", cause)] {
            guard let text, !text.isEmpty else { continue }
            let indented = text.split(separator: "\n", omittingEmptySubsequences: false).joined(
                separator: "\n         "
            )
            lines.append("  \(label)  \(indented)")
        }
        return lines.joined(separator: "\n")
    }
}

/// A place in a file; lines and columns count from 1.
public struct SourceLocation: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The file as the user named it.
    public var file: String
    /// The line, when known.
    public var line: Int?
    /// The column, when known.
    public var column: Int?

    /// A place in `file`.
    public init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, the form editors jump to.
    public var description: String {
        [file, line.map(String.init), column.map(String.init)].compactMap(\.self).joined(separator: ":")
    }
}
