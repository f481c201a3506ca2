import Foundation
public import MartletCore

/// A regular expression of Python's `re`, searched for anywhere in a text.
///
/// It runs on ICU's engine, whose syntax is nearly Python's: what differs is rewritten. Conditional groups, and the
/// flags for ASCII and locale, which ICU does not have, are refused. Like Python's, the engine may take long for a pattern that backtracks.
public struct PythonRegex: Hashable, Sendable {
    /// The pattern as it is written.
    public let pattern: String
    private let regex: NSRegularExpression

    /// Reads a pattern.
    ///
    /// - Throws: `.regexUnsupported` for what is not a regular expression, or is one that cannot be run here.
    public init(_ pattern: String) throws(MartletError) {
        self.pattern = pattern
        do {
            regex = try NSRegularExpression(pattern: try PythonRegexSyntax.rewritten(pattern), options: [])
        } catch let error as MartletError {
            throw error
        } catch {
            throw PythonRegexSyntax.invalid(pattern, "it is not a regular expression that Python knows")
        }
    }

    /// Whether the pattern is found in `text`.
    public func accepts(_ text: String) -> Bool {
        regex.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
    }

    /// Whether both are written alike.
    public static func == (left: Self, right: Self) -> Bool { left.pattern == right.pattern }

    /// Hashes the pattern as it is written.
    public func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}
