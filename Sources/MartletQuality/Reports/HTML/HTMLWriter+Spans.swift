import MartletCore

extension HTMLWriter {
    /// Words on one line.
    mutating func spans(_ text: ReportText, _ links: HTMLLinks) {
        for span in text { self.span(span, links) }
    }

    /// Words that are marked in one way.
    mutating func span(_ span: ReportSpan, _ links: HTMLLinks) {
        switch span {
        case .plain(let words): text(words)
        case .strong(let words): element("strong", words)
        case .faint(let words): element("span", class: "faint", words)
        // Names and values may run from right to left, and must not turn what is around them.
        case .code(let words): element("code") { $0.element("bdi", words) }
        case .link(let words, let target):
            markup("<a")
            attribute("href", links.href(target))
            markup("><bdi>")
            text(words)
            markup("</bdi></a>")
        case .status(let status): badge(status)
        case .severity(let severity): element("span", class: "severity", severity.rawValue)
        case .time(let time):
            markup("<time")
            attribute("datetime", time.description)
            markup(">")
            text(ReportNumber.time(time))
            markup("</time>")
        case .sparkline(let line): line.draw(to: &self)
        case .tally(let value, let count):
            element("span", class: "tally") { writer in
                writer.element("code") { $0.element("bdi", value) }
                writer.markup("&#8239;×")
                writer.text(ReportNumber.grouped(count))
            }
        }
    }

    private mutating func badge(_ status: ReportStatus) {
        markup("<span class=\"badge ")
        markup(status.style)
        markup("\"><span aria-hidden=\"true\">")
        text(status.glyph)
        markup("</span> ")
        text(status.word)
        markup("</span>")
    }
}
