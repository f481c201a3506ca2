import MartletCore

/// The pages of an area that lists things in a fixed order, so many on each page.
struct AreaPages {
    let area: ReportArea
    let title: String
    /// What the page says when there is nothing to list.
    let emptyText: ReportText
    let rowCount: Int
    var rowsPerPage = Limits.reportRowsPerPage
    /// Draws rows of a range.
    let blocks: (Range<Int>) -> [ReportBlock]

    var count: Int { max(1, (rowCount + rowsPerPage - 1) / rowsPerPage) }

    /// The path of a page, from 1.
    func path(_ page: Int) -> String {
        page == 1 ? area.path : ReportPath.list(area.rawValue.lowercased(), page: page)
    }

    func range(_ page: Int) -> Range<Int> {
        let start = (page - 1) * rowsPerPage
        return start..<min(rowCount, start + rowsPerPage)
    }

    func document(_ page: Int) -> ReportDocument {
        var content: [ReportBlock] = rowCount == 0 ? [.paragraph(emptyText)] : blocks(range(page))
        if count > 1 {
            let choices = (1...count).prefix(Limits.reportRowsPerPage).map {
                ReportChoice(String($0), .page(path($0)), isChosen: $0 == page)
            }
            content.append(.choices(choices))
        }
        return ReportDocument(path: path(page), area: area, kind: "Data quality", title: title, blocks: content)
    }
}
