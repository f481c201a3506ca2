import MartletCore

extension HTMLWriter {
    /// A piece of a page.
    mutating func block(_ block: ReportBlock, _ links: HTMLLinks) {
        switch block {
        case .paragraph(let text): element("p") { $0.spans(text, links) }
        case .facts(let facts): self.facts(facts, links)
        case .figures(let figures): self.figures(figures)
        case .table(let table): self.table(table, links)
        case .charts(let charts): element("div", class: "charts") { for chart in charts { $0.figure(chart) } }
        case .list(let texts):
            element("ul") { writer in
                for text in texts { writer.element("li") { $0.spans(text, links) } }
            }
        case .preformatted(let text): element("pre", ReportNumber.cut(text, to: Limits.reportTextCharacters))
        case .disclosure(let title, let isOpen, let blocks):
            markup(isOpen ? "<details open>" : "<details>")
            element("summary", title)
            for block in blocks { self.block(block, links) }
            markup("</details>")
        case .notice(let status, let text):
            markup("<div class=\"notice ")
            markup(status.style)
            markup("\">")
            spans(text, links)
            markup("</div>")
        case .pager(let pager): self.pager(pager, links)
        case .choices(let choices): self.choices(choices, links)
        }
    }

    private mutating func facts(_ facts: [ReportFact], _ links: HTMLLinks) {
        element("dl", class: "facts") { writer in
            for fact in facts {
                writer.element("div") { writer in
                    writer.element("dt", fact.label)
                    writer.element("dd") { $0.spans(fact.value, links) }
                }
            }
        }
    }

    private mutating func figures(_ figures: [ReportFigure]) {
        element("dl", class: "figures") { writer in
            for figure in figures {
                writer.markup("<div class=\"")
                writer.markup(figure.status?.style ?? "plain")
                writer.markup("\">")
                writer.element("dt", figure.label)
                writer.element("dd", figure.value)
                writer.markup("</div>")
            }
        }
    }

    private mutating func pager(_ pager: ReportPager, _ links: HTMLLinks) {
        markup("<nav class=\"pager\" aria-label=\"Pages\">")
        step("← newer", pager.newer, links)
        element("span", pager.position)
        step("older →", pager.older, links)
        markup("</nav>")
    }

    private mutating func step(_ label: String, _ page: String?, _ links: HTMLLinks) {
        guard let page else { return element("span", class: "off", label) }
        markup("<a")
        attribute("href", links.href(.page(page)))
        markup(">")
        text(label)
        markup("</a>")
    }

    private mutating func choices(_ choices: [ReportChoice], _ links: HTMLLinks) {
        markup("<nav class=\"choices\" aria-label=\"Views\">")
        for choice in choices {
            markup("<a")
            attribute("href", links.href(choice.target))
            if choice.isChosen { markup(" aria-current=\"true\"") }
            markup(">")
            text(choice.label)
            markup("</a>")
        }
        markup("</nav>")
    }

    // MARK: - Tables

    private mutating func table(_ table: ReportTable, _ links: HTMLLinks) {
        if table.isSearchable {
            markup("<input class=\"search\" type=\"search\" placeholder=\"Find in this table\" ")
            markup("aria-label=\"Find in this table\" hidden>")
        }
        element("div", class: "scroll") { writer in
            // Cells that hold much stand below each other where there is no room beside each other.
            writer.element("table", class: table.columns.contains { $0.layout == .wide } ? "stack" : "") { writer in
                writer.element("thead") { $0.headings(table.columns) }
                writer.element("tbody") { writer in
                    for row in table.rows { writer.row(row, table.columns, links) }
                }
            }
        }
    }

    private mutating func headings(_ columns: [ReportTable.Column]) {
        element("tr") { writer in
            for column in columns {
                writer.markup("<th scope=\"col\"")
                writer.layout(column.layout)
                writer.markup(">")
                writer.text(column.title)
                writer.markup("</th>")
            }
        }
    }

    private mutating func row(_ row: ReportTable.Row, _ columns: [ReportTable.Column], _ links: HTMLLinks) {
        markup(row.status == .passed ? "<tr class=\"is-passed\">" : "<tr>")
        for (cell, column) in zip(row.cells, columns) {
            markup("<td")
            layout(column.layout)
            markup(">")
            spans(cell.text, links)
            for block in cell.blocks { self.block(block, links) }
            markup("</td>")
        }
        markup("</tr>")
    }

    private mutating func layout(_ layout: ReportTable.Column.Layout) {
        switch layout {
        case .text: break
        case .number: markup(" class=\"number\"")
        case .narrow: markup(" class=\"narrow\"")
        case .wide: markup(" class=\"wide\"")
        }
    }
}
