import MartletCore

/// Datasets or suites side by side.
enum SubjectPages {
    /// A row for each, with its latest status and its trend.
    static func table(_ subjects: [ReportSubject], area: ReportArea) -> ReportTable {
        let isDatasets = area == .datasets
        var table = ReportTable(
            [
                ReportTable.Column("Status", .narrow), ReportTable.Column(isDatasets ? "Dataset" : "Suite"),
                ReportTable.Column("Success", .narrow), ReportTable.Column("Met", .number),
                ReportTable.Column(isDatasets ? "Rows" : "Datasets", .number),
                ReportTable.Column("Validations", .number), ReportTable.Column("Latest", .narrow),
            ],
            isSearchable: subjects.count > 10
        )
        table.rows = subjects.map { subject in
            let path = isDatasets ? ReportPath.dataset(subject.name) : ReportPath.suite(subject.name)
            guard let latest = subject.validations.last else {
                let cells: [ReportText] = [
                    [.faint("–")], [.link(subject.name, .page(path))], [], [], [], ["0"], [.faint("never")],
                ]
                return ReportTable.Row(cells.map { ReportTable.Cell($0) })
            }
            let count = isDatasets ? latest.rowCount : subject.counterpartCount
            let cells: [ReportText] = [
                [.status(subject.status)], [.link(subject.name, .page(path))],
                [ValidationTable.trend(subject.validations.reversed())], ValidationTable.met(latest),
                [count.map { .plain(ReportNumber.grouped($0)) } ?? .faint("–")],
                [.plain(ReportNumber.grouped(subject.validations.count))],
                [.link(ReportNumber.time(latest.time), .page(latest.page))],
            ]
            return ReportTable.Row(cells.map { ReportTable.Cell($0) }, status: subject.status)
        }
        return table
    }

    /// Those that are worst first, then by name.
    static func sorted(_ subjects: [ReportSubject]) -> [ReportSubject] {
        subjects.sorted { left, right in
            left.status == right.status ? left.name < right.name : left.status > right.status
        }
    }
}
