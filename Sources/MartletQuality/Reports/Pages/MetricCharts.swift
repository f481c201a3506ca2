import MartletCore

/// Metric series as charts with their bounds, and their anomalies in words.
enum MetricCharts {
    static func chart(_ series: MetricSeries) -> ReportChart {
        let points = series.points.map { point in
            LineChart.Point(
                time: point.time,
                value: point.value,
                lower: point.lower,
                upper: point.upper,
                status: point.isAnomaly ? .failed : .passed
            )
        }
        let anomalies = series.points.count { $0.isAnomaly }
        let count = "\(ReportNumber.grouped(points.count)) values"
        let summary = anomalies == 0 ? "\(count), none of them unusual." : "\(count), \(anomalies) of them unusual."
        return ReportChart(series.title, summary: summary, .line(LineChart(points: points)))
    }

    /// The last of the runs of anomalies, newest first.
    static func episodes(_ series: [MetricSeries]) -> ReportTable {
        var table = ReportTable([
            ReportTable.Column("Metric"), ReportTable.Column("From", .narrow), ReportTable.Column("To", .narrow),
            ReportTable.Column("Worst value", .number), ReportTable.Column("Expected", .number),
        ])
        let episodes = series.flatMap { series in self.episodes(of: series).map { (series, $0) } }
        table.rows = episodes.sorted { left, right in
            (left.1.first?.time.microseconds ?? 0) > (right.1.first?.time.microseconds ?? 0)
        }
        .prefix(Limits.reportRowsPerPage)
        .map { series, points in row(series, points) }
        return table
    }

    private static func row(_ series: MetricSeries, _ points: [MetricSeries.Point]) -> ReportTable.Row {
        let worst = points.max { distance($0) < distance($1) }
        let range = worst.flatMap { point -> String? in
            guard let lower = point.lower, let upper = point.upper else {
                return point.expected.map { ReportNumber.short($0) }
            }
            return "\(ReportNumber.short(lower)) to \(ReportNumber.short(upper))"
        }
        let cells: [ReportText] = [
            [.strong(series.title)],
            points.first.map { [.time($0.time)] } ?? [], points.last.map { [.time($0.time)] } ?? [],
            [.plain(worst?.value.map { ReportNumber.short($0) } ?? "–")], [.plain(range ?? "–")],
        ]
        return ReportTable.Row(cells.map { ReportTable.Cell($0) }, status: .failed)
    }

    private static func distance(_ point: MetricSeries.Point) -> Double {
        abs((point.value ?? 0) - (point.expected ?? ((point.lower ?? 0) + (point.upper ?? 0)) / 2))
    }

    /// Anomalies in a row, or of one episode.
    static func episodes(of series: MetricSeries) -> [[MetricSeries.Point]] {
        var episodes: [[MetricSeries.Point]] = []
        var wasAnomaly = false
        for point in series.points {
            if point.isAnomaly {
                let isSame = point.episode == nil ? wasAnomaly : episodes.last?.last?.episode == point.episode
                if isSame, !episodes.isEmpty {
                    episodes[episodes.count - 1].append(point)
                } else {
                    episodes.append([point])
                }
            }
            wasAnomaly = point.isAnomaly
        }
        return episodes
    }
}
