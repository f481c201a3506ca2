import MartletCore

/// The first page: how things stand, and what was validated last.
struct OverviewPage {
    let site: ReportSite

    func document() -> ReportDocument {
        var blocks: [ReportBlock] = []
        if let notice = skippedNotice { blocks.append(notice) }
        if site.validations.isEmpty {
            blocks.append(
                .paragraph([
                    "There are no validations yet. ", .code("martlet quality run SUITE --data FILE --save"),
                    " makes one; ", .code("martlet quality report --from DIR"), " shows those of other tools.",
                ])
            )
        } else {
            blocks.append(.figures(figures))
            blocks.append(.choices(site.listChoices(chosen: .latest)))
        }
        var sections: [ReportSection] = []
        if !site.validations.isEmpty { sections.append(latestSection) }
        let bad = site.datasets.filter { $0.status.isBad }
        if !bad.isEmpty { sections.insert(datasetSection(bad), at: 0) }
        return ReportDocument(
            path: ReportArea.validations.path,
            area: .validations,
            kind: "Data quality",
            title: site.title,
            blocks: blocks,
            sections: sections
        )
    }

    private var figures: [ReportFigure] {
        let failing = site.datasets.count { $0.status.isBad }
        let recent = site.validations.suffix(Limits.reportRowsPerPage)
        let passed = recent.count { $0.status == .passed }
        return [
            ReportFigure("validations", ReportNumber.grouped(site.validations.count)),
            ReportFigure(
                recent.count < Limits.reportRowsPerPage ? "passed" : "of the last \(recent.count) passed",
                ReportNumber.percent(share: Double(passed) / Double(max(1, recent.count)))
            ),
            ReportFigure("datasets", ReportNumber.grouped(site.datasets.count)),
            ReportFigure(
                "datasets failing now",
                ReportNumber.grouped(failing),
                status: failing > 0 ? site.datasets.map(\.status).max() : .passed
            ),
        ]
    }

    private var latestSection: ReportSection {
        let latest = site.validations.suffix(Limits.reportLatestValidations).reversed()
        var blocks: [ReportBlock] = [.table(ValidationTable.table(Array(latest), of: .everything))]
        if site.validations.count > latest.count, let page = site.allPages.newest {
            blocks.append(
                .paragraph([.link("All \(ReportNumber.grouped(site.validations.count)) validations", .page(page))])
            )
        }
        return ReportSection("latest", ["Latest validations"], blocks: blocks)
    }

    private func datasetSection(_ bad: [ReportSubject]) -> ReportSection {
        let most = 20
        var blocks: [ReportBlock] = [.table(SubjectPages.table(Array(bad.prefix(most)), area: .datasets))]
        if bad.count > most {
            let page = ReportTarget.page(ReportArea.datasets.path)
            blocks.append(.paragraph([.link("\(ReportNumber.grouped(bad.count - most)) more", page)]))
        }
        return ReportSection("failing", ["Failing now"], blocks: blocks)
    }

    private var skippedNotice: ReportBlock? {
        if site.skipped.isEmpty { return nil }
        let files = site.skipped.prefix(Limits.reportSkippedFiles)
        var lines: [ReportText] = files.map { [.code($0.file), .plain(" \($0.reason)")] }
        if site.skipped.count > files.count {
            lines.append([.plain("and \(ReportNumber.grouped(site.skipped.count - files.count)) more")])
        }
        let count = site.skipped.count
        let title = count == 1 ? "1 file was skipped" : "\(ReportNumber.grouped(count)) files were skipped"
        return .disclosure(title, isOpen: false, [.list(lines)])
    }
}
