package import Foundation
import MartletCore

/// Renders pages of a report as HTML files that stand for themselves.
///
/// Style and script are in them, and nothing is fetched. All can be read without the script.
package struct ReportHTML: Sendable {
    /// What the whole report is called.
    package var siteTitle: String
    /// The parts of the site that there are.
    package var areas: [ReportArea]

    /// A renderer for the pages of one site.
    package init(siteTitle: String, areas: [ReportArea]) {
        self.siteTitle = siteTitle
        self.areas = areas
    }

    /// The page as bytes of UTF-8.
    package func page(_ document: ReportDocument) -> Data {
        var writer = HTMLWriter()
        writer.markup("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        writer.markup("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        writer.markup("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        writer.text(Self.policy)
        writer.markup(
            "\"><meta name=\"color-scheme\" content=\"light dark\"><meta name=\"generator\" content=\"Martlet\">"
        )
        writer.element("title", "\(document.title) · \(siteTitle)")
        writer.markup("<style>")
        writer.markup(Self.style)
        writer.markup("</style></head><body>")
        let links = HTMLLinks(from: document.path)
        header(document, links, to: &writer)
        writer.markup("<main>")
        if document.offersFailedOnly { filter(to: &writer) }
        writer.element("div", class: "page") { body(document, links, to: &$0) }
        writer.markup("</main><footer>Written by Martlet. Times are in UTC.</footer>")
        let needsScript =
            document.blocks.contains(where: \.isSearchable)
            || document.sections.contains { $0.blocks.contains(where: \.isSearchable) }
        if needsScript {
            writer.markup("<script>")
            writer.markup(Self.script)
            writer.markup("</script>")
        }
        writer.markup("</body></html>\n")
        return Data(writer.bytes)
    }

    private func header(_ document: ReportDocument, _ links: HTMLLinks, to writer: inout HTMLWriter) {
        writer.element("header") { writer in
            writer.markup("<a class=\"site\"")
            writer.attribute("href", links.href(.page("index.html")))
            writer.markup(">")
            writer.text(siteTitle)
            writer.markup("</a><nav aria-label=\"Parts of the report\">")
            for area in areas {
                writer.markup("<a")
                writer.attribute("href", links.href(.page(area.path)))
                if area == document.area { writer.markup(" aria-current=\"true\"") }
                writer.markup(">")
                writer.text(area.rawValue)
                writer.markup("</a>")
            }
            writer.markup("</nav>")
        }
    }

    /// Two radio buttons; the style hides what passed when the second is chosen.
    private func filter(to writer: inout HTMLWriter) {
        writer.markup(
            """
            <div class="filter" role="radiogroup" aria-label="Which results are shown">\
            <input type="radio" name="show" id="show-all" checked><label for="show-all">All</label>\
            <input type="radio" name="show" id="show-failed"><label for="show-failed">Failed only</label></div>
            """
        )
    }

    private func body(_ document: ReportDocument, _ links: HTMLLinks, to writer: inout HTMLWriter) {
        writer.element("p", class: "kind", document.kind)
        writer.element("h1") { writer in
            writer.text(document.title)
            if let status = document.status {
                writer.markup(" ")
                writer.span(.status(status), links)
            }
        }
        for block in document.blocks { writer.block(block, links) }
        if document.sections.count > 4 { contents(document.sections, to: &writer) }
        for section in document.sections {
            writer.markup("<section")
            writer.attribute("id", section.anchor)
            writer.markup(section.status == .passed ? " class=\"is-passed\">" : ">")
            writer.element("h2") { writer in
                writer.spans(section.title, links)
                if !section.remark.isEmpty {
                    writer.markup(" ")
                    writer.element("small") { $0.spans(section.remark, links) }
                }
            }
            for block in section.blocks { writer.block(block, links) }
            writer.markup("</section>")
        }
    }

    private func contents(_ sections: [ReportSection], to writer: inout HTMLWriter) {
        writer.markup("<nav class=\"contents\" aria-label=\"On this page\">")
        for section in sections {
            writer.markup("<a")
            writer.attribute("href", "#\(section.anchor)")
            if let status = section.status {
                writer.markup(" class=\"")
                writer.markup(status.style)
                writer.markup("\"")
            }
            writer.markup(">")
            if let status = section.status, status.isBad {
                writer.text("\(status.glyph) ")
            }
            writer.text(section.title.map(\.words).joined())
            writer.markup("</a>")
        }
        writer.markup("</nav>")
    }
}

extension ReportBlock {
    fileprivate var isSearchable: Bool {
        if case .table(let table) = self { table.isSearchable } else { false }
    }
}

/// How links are written on one page: relative, so that a site can stand anywhere.
struct HTMLLinks {
    /// The way from the page to the top of its site: `../` for each folder.
    private let top: String

    init(from path: String) {
        top = String(repeating: "../", count: path.utf8.count { $0 == UInt8(ascii: "/") })
    }

    func href(_ target: ReportTarget) -> String {
        let page = target.page.map { top + $0 } ?? ""
        return target.anchor.map { "\(page)#\($0)" } ?? page
    }
}
