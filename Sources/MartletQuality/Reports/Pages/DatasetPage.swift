import MartletCore

/// The page of a dataset: how it stands, how it has been, and what was validated last.
struct DatasetPage {
    let subject: ReportSubject
    /// The newest of the pages with all its validations.
    let list: String?
    /// Profiles and comparisons of its data: name and page.
    let related: [(title: String, page: String)]

    func document() -> ReportDocument {
        var sections = [suiteSection]
        if let trends = trendSection { sections.append(trends) }
        sections.append(subject.section(of: .dataset, list: list))
        return ReportDocument(
            path: ReportPath.dataset(subject.name),
            area: .datasets,
            kind: "Dataset",
            title: subject.name,
            status: subject.status,
            blocks: [.facts(facts)],
            sections: sections
        )
    }

    private var facts: [ReportFact] {
        var facts: [ReportFact] = []
        if let latest = subject.validations.last {
            facts.append(ReportFact("Last validated", [.link(ReportNumber.time(latest.time), .page(latest.page))]))
            if let version = latest.version { facts.append(ReportFact("Data version", [.code(version)])) }
        }
        if let rows = subject.validations.last(where: { $0.rowCount != nil })?.rowCount {
            facts.append(ReportFact("Rows", [.plain(ReportNumber.grouped(rows))]))
        }
        if let good = subject.validations.last(where: { $0.status == .passed }), subject.status.isBad {
            facts.append(ReportFact("Last passed", [.link(ReportNumber.time(good.time), .page(good.page))]))
        }
        facts += related.map { ReportFact($0.title, [.link("show", .page($0.page))]) }
        return facts
    }

    private var suiteSection: ReportSection {
        let latest = subject.latestByCounterpart
        return ReportSection(
            "suites",
            [latest.count == 1 ? "Suite" : "Suites"],
            blocks: [.table(ValidationTable.table(latest, of: .dataset))]
        )
    }

    // MARK: - Trends

    private var trendSection: ReportSection? {
        let recent = subject.validations.suffix(Limits.reportTrendPoints)
        guard recent.count > 1, let first = recent.first, let last = recent.last else { return nil }
        let span = "\(ReportNumber.time(first.time).prefix(10)) to \(ReportNumber.time(last.time).prefix(10))"
        var charts = [success(recent, span)]
        if let rows = rowCounts(recent, span) { charts.append(rows) }
        charts += nulls(recent, span)
        return ReportSection("trends", ["Trends"], remark: [.plain(span)], blocks: [.charts(charts)])
    }

    private func success(_ recent: ArraySlice<ValidationSummary>, _ span: String) -> ReportChart {
        let points = recent.map { LineChart.Point(time: $0.time, value: $0.share, status: $0.status) }
        let failed = recent.count { $0.status.isBad }
        return ReportChart(
            "Expectations met",
            summary: "\(recent.count) validations from \(span); \(failed) of them did not pass.",
            .line(LineChart(points: points, unit: .share, range: 0...1))
        )
    }

    private func rowCounts(_ recent: ArraySlice<ValidationSummary>, _ span: String) -> ReportChart? {
        let points = recent.compactMap { summary in
            summary.rowCount.map { LineChart.Point(time: summary.time, value: Double($0)) }
        }
        guard points.count > 1, let least = points.compactMap(\.value).min(),
            let most = points.compactMap(\.value).max()
        else { return nil }
        let range = "between \(ReportNumber.short(least)) and \(ReportNumber.short(most))"
        return ReportChart("Rows", summary: "Rows from \(span): \(range).", .line(LineChart(points: points)))
    }

    /// Charts of the columns that have nulls, those with most first.
    private func nulls(_ recent: ArraySlice<ValidationSummary>, _ span: String) -> [ReportChart] {
        var most: [String: Double] = [:]
        for summary in recent {
            for (column, share) in summary.nullShares where share > 0 { most[column] = max(most[column] ?? 0, share) }
        }
        let columns = most.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Limits.reportNullCharts)
        return columns.map { column, greatest in
            let points = recent.compactMap { summary in
                summary.nullShares[column].map { LineChart.Point(time: summary.time, value: $0) }
            }
            return ReportChart(
                "Nulls in \(column)",
                summary: "Share of nulls from \(span), at most \(ReportNumber.percent(share: greatest)).",
                .line(LineChart(points: points, unit: .share, range: 0...0))
            )
        }
    }
}
