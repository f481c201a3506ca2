import MartletCore

extension ReportSite {
    /// The pages that the navigation leads to, besides the first.
    var areaPages: [ReportPage] {
        pages(of: datasetsArea, datasets) + pages(of: suitesArea, suiteSubjects)
            + pages(of: documentsArea(.profiles, profiles), profiles) + pages(of: documentsArea(.drift, drifts), drifts)
            + metricPages
    }

    private func pages(of area: AreaPages, _ subjects: [ReportSubject]) -> [ReportPage] {
        (1...area.count).map { page in
            var mark = ReportFingerprint()
            mark.add(area.count)
            for subject in subjects[area.range(page)] { add(subject, to: &mark) }
            return ReportPage(path: area.path(page), fingerprint: mark.value) { area.document(page) }
        }
    }

    private func pages(of area: AreaPages, _ summaries: [ReportPageSummary]) -> [ReportPage] {
        (1...area.count).map { page in
            var mark = ReportFingerprint()
            mark.add(area.count)
            for summary in summaries[area.range(page)] {
                mark.add(summary.page)
                mark.add(summary.title)
                mark.add(summary.time.microseconds)
                mark.add(summary.status?.rawValue ?? "")
                mark.add(summary.rowCount)
                mark.add(summary.columnCount)
            }
            return ReportPage(path: area.path(page), fingerprint: mark.value) { area.document(page) }
        }
    }

    private var datasetsArea: AreaPages {
        AreaPages(
            area: .datasets,
            title: "Datasets",
            emptyText: ["No dataset has been validated yet."],
            rowCount: datasets.count
        ) { [.table(SubjectPages.table(Array(datasets[$0]), area: .datasets))] }
    }

    private var suitesArea: AreaPages {
        AreaPages(
            area: .suites,
            title: "Suites",
            emptyText: ["There are no suites in ", .code("quality/"), ", and none was validated."],
            rowCount: suiteSubjects.count
        ) { [.table(SubjectPages.table(Array(suiteSubjects[$0]), area: .suites))] }
    }

    private func documentsArea(_ area: ReportArea, _ summaries: [ReportPageSummary]) -> AreaPages {
        let command =
            area == .profiles
            ? "martlet quality profile DATA --json" : "martlet quality drift REFERENCE DATA --json"
        let folder = ".martlet/quality/\(area.rawValue.lowercased())/"
        return AreaPages(
            area: area,
            title: area.rawValue,
            emptyText: [
                "There is nothing yet. Keep what ", .code(command), " prints as a .json file in ", .code(folder), ".",
            ],
            rowCount: summaries.count
        ) { range in
            var columns = [
                ReportTable.Column("Data"), ReportTable.Column("Made", .narrow), ReportTable.Column("Rows", .number),
                ReportTable.Column(area == .drift ? "Columns that drifted" : "Columns", .number),
            ]
            if area == .drift { columns.insert(ReportTable.Column("Status", .narrow), at: 0) }
            var table = ReportTable(columns, isSearchable: range.count > 10)
            table.rows = summaries[range].map { summary in
                var cells: [ReportText] = [
                    [.link(summary.title, .page(summary.page))], [.time(summary.time)],
                    [.plain(ReportNumber.grouped(summary.rowCount))],
                    [.plain(ReportNumber.grouped(summary.columnCount))],
                ]
                if area == .drift { cells.insert(summary.status.map { [.status($0)] } ?? [], at: 0) }
                return ReportTable.Row(cells.map { ReportTable.Cell($0) }, status: summary.status)
            }
            return [.table(table)]
        }
    }

    private var metricPages: [ReportPage] {
        let area = AreaPages(
            area: .metrics,
            title: "Metrics",
            emptyText: [
                "There are no metrics yet: every run records some; rows that ", .code("martlet quality detect --json"),
                " printed are read from .jsonl files.",
            ],
            rowCount: series.count,
            rowsPerPage: 24
        ) { range in
            let shown = Array(series[range])
            let episodes = MetricCharts.episodes(shown)
            var blocks: [ReportBlock] = [.charts(shown.map(MetricCharts.chart))]
            if !episodes.rows.isEmpty {
                blocks.append(.disclosure("Unusual values", isOpen: true, [.table(episodes)]))
            }
            return blocks
        }
        return (1...area.count).map { page in
            var mark = ReportFingerprint()
            mark.add(area.count)
            for series in series[area.range(page)] {
                mark.add(series.name)
                mark.add(series.subject)
                for point in series.points {
                    mark.add(point.time.microseconds)
                    for number in [point.value, point.lower, point.upper] { mark.add(number ?? .nan) }
                    mark.add(point.isAnomaly ? 1 : 0)
                }
            }
            return ReportPage(path: area.path(page), fingerprint: mark.value) { area.document(page) }
        }
    }
}
