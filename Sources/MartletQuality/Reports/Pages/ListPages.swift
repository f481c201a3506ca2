import MartletCore

/// The pages of a long list of validations.
///
/// Pages are filled from the oldest on: one that is full stays as it is when more come.
struct ListPages {
    /// The name of the list in paths.
    let name: String
    let title: String
    let kind: String
    let subject: ValidationTable.Subject
    /// What the list is about.
    let about: ReportTarget?
    /// Oldest first.
    let summaries: [ValidationSummary]
    /// Other views of the same.
    var choices: [ReportChoice] = []

    var count: Int { (summaries.count + Limits.reportRowsPerPage - 1) / Limits.reportRowsPerPage }

    /// The path of the page with the newest entries; nil without any.
    var newest: String? { count == 0 ? nil : ReportPath.list(name, page: count) }

    /// The entries of a page, from 1, oldest first.
    func entries(_ page: Int) -> ArraySlice<ValidationSummary> {
        let start = (page - 1) * Limits.reportRowsPerPage
        return summaries[start..<min(summaries.count, start + Limits.reportRowsPerPage)]
    }

    /// Page `page`, from 1, the oldest.
    func document(_ page: Int) -> ReportDocument {
        let entries = entries(page)
        let numbers = "\(ReportNumber.grouped(entries.startIndex + 1)) to \(ReportNumber.grouped(entries.endIndex))"
        let pager = ReportPager(
            newer: page < count ? ReportPath.list(name, page: page + 1) : nil,
            older: page > 1 ? ReportPath.list(name, page: page - 1) : nil,
            // The total is not told: it would make every page change with each validation.
            position: "\(numbers), counted from the oldest"
        )
        var blocks: [ReportBlock] = choices.isEmpty ? [] : [.choices(choices)]
        if let about { blocks.append(.paragraph(["Back to ", .link(title, about)])) }
        blocks += [
            .pager(pager), .table(ValidationTable.table(entries.reversed(), of: subject)), .pager(pager),
        ]
        return ReportDocument(
            path: ReportPath.list(name, page: page),
            area: .validations,
            kind: kind,
            title: title,
            blocks: blocks
        )
    }

    /// The newest entries at `path`, which does not change when there are more.
    func entry(_ path: String) -> ReportDocument {
        let newest = summaries.suffix(Limits.reportRowsPerPage)
        // Pages are filled from the oldest on, so that the newest page shows some of these again.
        let older =
            newest.startIndex == 0 ? nil : ReportPath.list(name, page: newest.startIndex / Limits.reportRowsPerPage + 1)
        let position =
            summaries.isEmpty ? "none" : "the newest \(newest.count) of \(ReportNumber.grouped(summaries.count))"
        let pager = ReportPager(newer: nil, older: older, position: position)
        var blocks: [ReportBlock] = choices.isEmpty ? [] : [.choices(choices)]
        if !newest.isEmpty {
            blocks += [.pager(pager), .table(ValidationTable.table(newest.reversed(), of: subject)), .pager(pager)]
        } else {
            blocks.append(.paragraph(["There are none."]))
        }
        return ReportDocument(path: path, area: .validations, kind: kind, title: title, blocks: blocks)
    }
}
