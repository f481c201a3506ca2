import Foundation

/// Writes HTML so that markup and words cannot be confused.
///
/// Markup is only taken as literals of this program; all that is made at run time is escaped.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []
    private var lastID = 0

    /// Markup as it stands.
    mutating func markup(_ literal: StaticString) {
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Words, escaped for content and for quoted attributes.
    ///
    /// Control characters, which no browser shows, become U+FFFD, so that nothing is hidden in them.
    mutating func text(_ words: String) {
        var words = words
        words.withUTF8 { source in
            var plain = 0
            for index in source.indices {
                guard let entity = Self.entity(source[index]) else { continue }
                bytes.append(contentsOf: source[plain..<index])
                entity.withUTF8Buffer { bytes.append(contentsOf: $0) }
                plain = index + 1
            }
            bytes.append(contentsOf: source[plain...])
        }
    }

    private static func entity(_ byte: UInt8) -> StaticString? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case 0x09, 0x0a: nil
        case 0..<0x20, 0x7f: "\u{FFFD}"
        default: nil
        }
    }

    /// ` name="value"`.
    mutating func attribute(_ name: StaticString, _ value: String) {
        markup(" ")
        markup(name)
        markup("=\"")
        text(value)
        markup("\"")
    }

    /// ` name="value"` with a number of at most one digit after the point.
    mutating func attribute(_ name: StaticString, _ value: Double) {
        markup(" ")
        markup(name)
        markup("=\"")
        number(value)
        markup("\"")
    }

    /// A number with at most one digit after the point; what is not finite is 0.
    mutating func number(_ value: Double) {
        guard value.isFinite, abs(value) < 1e15 else { return markup("0") }
        let tenths = Int((value * 10).rounded())
        if tenths < 0 { markup("-") }
        bytes.append(contentsOf: String(tenths.magnitude / 10).utf8)
        guard tenths % 10 != 0 else { return }
        markup(".")
        bytes.append(UInt8(ascii: "0") + UInt8(tenths.magnitude % 10))
    }

    /// An element with a class and content.
    mutating func element(_ name: StaticString, class style: StaticString = "", _ content: (inout Self) -> Void) {
        markup("<")
        markup(name)
        if style.utf8CodeUnitCount > 0 {
            markup(" class=\"")
            markup(style)
            markup("\"")
        }
        markup(">")
        content(&self)
        markup("</")
        markup(name)
        markup(">")
    }

    /// An element with a class around words.
    mutating func element(_ name: StaticString, class style: StaticString = "", _ words: String) {
        element(name, class: style) { $0.text(words) }
    }

    /// A name for an element that no other of the page has.
    mutating func newID() -> String {
        lastID += 1
        return "m\(lastID)"
    }
}
