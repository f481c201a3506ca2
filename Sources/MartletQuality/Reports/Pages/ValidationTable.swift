import MartletCore

/// Lists of validations, as several pages show them.
enum ValidationTable {
    /// What a list leaves out, because the page says it.
    enum Subject {
        case everything
        case suite
        case dataset
    }

    /// A table with a row for each of `summaries`, in their order.
    static func table(_ summaries: some Collection<ValidationSummary>, of subject: Subject) -> ReportTable {
        let showsRun = summaries.contains { $0.runName != nil }
        let showsVersion = summaries.contains { $0.version != nil }
        var columns = [ReportTable.Column("Status", .narrow), ReportTable.Column("Validated", .narrow)]
        if subject != .suite { columns.append(ReportTable.Column("Suite")) }
        if subject != .dataset { columns.append(ReportTable.Column("Dataset")) }
        if showsRun { columns.append(ReportTable.Column("Run")) }
        if showsVersion { columns.append(ReportTable.Column("Version", .narrow)) }
        columns.append(ReportTable.Column("Met", .number))
        columns.append(ReportTable.Column("Rows", .number))
        let rows = summaries.map { summary in
            var cells = [
                ReportTable.Cell([.status(summary.status)]),
                ReportTable.Cell([.link(ReportNumber.time(summary.time), .page(summary.page))]),
            ]
            if subject != .suite {
                cells.append(ReportTable.Cell([.link(summary.suite, .page(ReportPath.suite(summary.suite)))]))
            }
            if subject != .dataset {
                cells.append(ReportTable.Cell([.link(summary.dataset, .page(ReportPath.dataset(summary.dataset)))]))
            }
            if showsRun { cells.append(ReportTable.Cell(summary.runName.map { [.plain($0)] } ?? [])) }
            if showsVersion {
                cells.append(ReportTable.Cell(summary.version.map { [.code(ReportNumber.cut($0, to: 12))] } ?? []))
            }
            cells.append(ReportTable.Cell(met(summary)))
            cells.append(ReportTable.Cell(summary.rowCount.map { [.plain(ReportNumber.grouped($0))] } ?? [.faint("–")]))
            return ReportTable.Row(cells, status: summary.status)
        }
        return ReportTable(columns, rows: rows, isSearchable: rows.count > 10)
    }

    /// `28 of 30`.
    static func met(_ summary: ValidationSummary) -> ReportText {
        [.plain(ReportNumber.grouped(summary.successful)), .faint(" of \(ReportNumber.grouped(summary.evaluated))")]
    }

    /// The success of the newest validations as a small line; `summaries` are the newest first.
    static func trend(_ summaries: some Collection<ValidationSummary>) -> ReportSpan {
        let newest = summaries.prefix(40).reversed()
        return .sparkline(Sparkline(newest.map(\.share), statuses: newest.map(\.status), unit: .share))
    }
}
