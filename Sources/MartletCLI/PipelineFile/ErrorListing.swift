import MartletCore

/// Shows errors as a compiler does: place, number and message, the line with a caret, then why and fix.
struct ErrorListing {
    /// The parts that a terminal may colour.
    enum Part: Sendable {
        case location, severity, message, lineNumber, source, caret, label, text
    }

    /// Most columns of a source line that are shown.
    private static let width = 100

    private let sources: [String: SourceText]
    private let style: (Part, String) -> String

    /// A listing whose `style` colours parts; without one the text is plain.
    init(sources: [String: SourceText] = [:], style: @escaping (Part, String) -> String = { $1 }) {
        self.sources = sources
        self.style = style
    }

    /// All errors of `failure`.
    static func text(
        _ failure: PipelineLoadFailure,
        style: @escaping (Part, String) -> String = { $1 }
    ) -> String {
        let listing = ErrorListing(sources: failure.sources, style: style)
        var blocks = failure.errors.map(listing.text)
        if failure.omitted > 0 { blocks.append("and \(failure.omitted) more errors") }
        return blocks.joined(separator: "\n")
    }

    /// One error, as several lines.
    func text(_ error: MartletError) -> String {
        let place = error.location.map { style(.location, Self.printable("\($0):")) + " " } ?? ""
        let severity = style(.severity, "error \(error.code):")
        var lines = ["\(place)\(severity) \(style(.message, Self.printable(error.message)))"]
        lines += excerpt(error.location)
        for (label, text) in [("why", error.reason), ("fix", error.remedy), ("cause", error.cause)] {
            guard let text, !text.isEmpty else { continue }
            let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.printable(String($0)) }
            let padding = String(repeating: " ", count: 5 - label.count)
            lines.append("  \(style(.label, label + padding))  \(style(.text, parts.joined(separator: "\n         ")))")
        }
        return lines.joined(separator: "\n")
    }

    private func excerpt(_ location: SourceLocation?) -> [String] {
        guard let location, let number = location.line, let column = location.column,
            let source = sources[location.file], (1...source.lineStarts.count).contains(number)
        else { return [] }
        var scalars = Array(String(decoding: source.line(number), as: UTF8.self).unicodeScalars)
        var caret = min(column - 1, scalars.count)
        if scalars.isEmpty { return [] }
        if scalars.count > Self.width {
            let start = max(0, min(caret - Self.width / 2, scalars.count - Self.width))
            scalars = Array(scalars[start..<min(scalars.count, start + Self.width)])
            caret -= start
        }
        let gutter = String(number)
        let blank = String(repeating: " ", count: gutter.count)
        // Tabs stay tabs above and below, so that the caret stands under its column.
        let padding = scalars[..<caret].map { $0 == "\t" ? "\t" : Self.isWide($0) ? "  " : " " }.joined()
        var text = ""
        for scalar in scalars { text.unicodeScalars.append(scalar) }
        return [
            "  \(style(.lineNumber, "\(gutter) |")) \(style(.source, Self.printable(text)))",
            "  \(style(.lineNumber, "\(blank) |")) \(padding)\(style(.caret, "^"))",
        ]
    }

    /// `text` without characters that a terminal would obey.
    private static func printable(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if isPlain { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 && scalar != "\t" || (0x7F...0x9F).contains(scalar.value)
            // Bidirectional overrides could make a line read other than it is.
            let isOverride = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
            result.append(isControl || isOverride ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }

    /// Whether terminals give the character two columns (the East Asian wide blocks and emoji).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
