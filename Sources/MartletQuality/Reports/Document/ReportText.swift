package import MartletCore

/// Words on one line, some of them marked.
package typealias ReportText = [ReportSpan]

/// Words that are all marked in the same way.
///
/// They are plain words: whoever renders them escapes them.
package enum ReportSpan: Hashable, Sendable {
    case plain(String)
    case strong(String)
    /// Less important than what is around it.
    case faint(String)
    /// A name, value or anything else that has to be read to the letter.
    case code(String)
    case link(String, ReportTarget)
    case status(ReportStatus)
    case severity(Severity)
    case time(Timestamp)
    case sparkline(Sparkline)
    /// A value and how often it occurred.
    case tally(String, count: Int)

    /// The words alone.
    package var words: String {
        switch self {
        case .plain(let text), .strong(let text), .faint(let text), .code(let text), .link(let text, _): text
        case .status(let status): "\(status.glyph) \(status.word)"
        case .severity(let severity): severity.rawValue
        case .time(let time): ReportNumber.time(time)
        case .sparkline(let line): line.words
        case .tally(let value, let count): "\(value) ×\(ReportNumber.grouped(count))"
        }
    }
}

extension ReportSpan: ExpressibleByStringLiteral {
    /// Plain words.
    package init(stringLiteral value: String) { self = .plain(value) }
}

/// What a link leads to.
package struct ReportTarget: Hashable, Sendable {
    /// A page of the site by its path from the site's top; nil is the page that the link is on.
    package var page: String?
    /// A section of that page.
    package var anchor: String?

    /// A page, or a section of it.
    package static func page(_ path: String, anchor: String? = nil) -> Self { Self(page: path, anchor: anchor) }

    /// A section of the same page.
    package static func section(_ anchor: String) -> Self { Self(page: nil, anchor: anchor) }
}
