import MartletCore

/// How the values of a profiled column are distributed: charts, and quantiles as a table.
struct ColumnCharts {
    private let column: ColumnProfile
    private let rows: Int

    init(_ column: ColumnProfile, rows: Int) {
        self.column = column
        self.rows = rows
    }

    var blocks: [ReportBlock] {
        let charts = [histogram, topValues, patterns].compactMap(\.self)
        var blocks: [ReportBlock] = charts.isEmpty ? [] : [.charts(charts)]
        if !column.quantiles.isEmpty {
            var table = ReportTable([
                ReportTable.Column("Share of rows", .number), ReportTable.Column("At or below", .number),
            ])
            table.rows = column.quantiles.prefix(Limits.reportSamples).map { quantile in
                ReportTable.Row([
                    ReportTable.Cell([.plain(ReportNumber.percent(share: quantile.share))]),
                    ReportTable.Cell([.plain(ReportNumber.value(quantile.value))]),
                ])
            }
            blocks.append(.disclosure("Quantiles", isOpen: false, [.table(table)]))
        }
        return blocks
    }

    private var histogram: ReportChart? {
        guard let histogram = column.histogram, histogram.counts.count > 1,
            histogram.edges.count == histogram.counts.count + 1
        else { return nil }
        let edges = histogram.edges.map { ReportNumber.value($0) }
        let bars = histogram.counts.enumerated().map { index, count in
            BarChart.Bar("\(edges[index]) to \(edges[index + 1])", Double(count))
        }
        let fullest = bars.max { $0.value < $1.value }?.label ?? ""
        let summary =
            "\(bars.count) ranges from \(edges.first ?? "") to \(edges.last ?? ""); most rows are in \(fullest)."
        return ReportChart("Distribution", summary: summary, .bars(BarChart(bars: bars, layout: .histogram)))
    }

    private var topValues: ReportChart? {
        let values = column.topValues.filter { $0.count > 1 }
        guard !values.isEmpty else { return nil }
        let bars = values.prefix(Limits.reportChartBars).map {
            BarChart.Bar($0.value == "" ? "\"\"" : ReportNumber.value($0.value), Double($0.count))
        }
        let title = column.topValuesAreExact ? "Most frequent values" : "Frequent values, from a sample"
        return chart(title, Array(bars), "values")
    }

    private var patterns: ReportChart? {
        guard !column.patterns.isEmpty else { return nil }
        let bars = column.patterns.prefix(Limits.reportChartBars).map { BarChart.Bar($0.mask, Double($0.count)) }
        let title =
            column.patternRows < rows - column.nullCount
            ? "Patterns, from \(ReportNumber.grouped(column.patternRows)) values" : "Patterns"
        return chart(title, Array(bars), "patterns")
    }

    private func chart(_ title: String, _ bars: [BarChart.Bar], _ noun: String) -> ReportChart {
        let list = bars.prefix(5).map { "\($0.label) (\(ReportNumber.short($0.value)))" }.joined(separator: ", ")
        return ReportChart(
            title,
            summary: "The most frequent \(noun): \(list).",
            .bars(BarChart(bars: bars, layout: .rows))
        )
    }
}
