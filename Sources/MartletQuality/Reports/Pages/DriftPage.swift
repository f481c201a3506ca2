package import MartletCore

/// The page of a comparison of two versions of data.
package enum DriftPage {
    /// The page at `path` of a comparison that was made at `time`.
    package static func document(_ drift: DriftDocument, path: String, time: Timestamp) -> ReportDocument {
        let drifted = drift.columns.count { $0.drifted } + drift.schema.count { $0.alarm }
        var blocks: [ReportBlock] = [
            .figures([
                ReportFigure("columns compared", ReportNumber.grouped(drift.columns.count)),
                ReportFigure("drifted", ReportNumber.grouped(drifted), status: drifted > 0 ? .failed : .passed),
                ReportFigure("tests", ReportNumber.grouped(drift.tests)),
            ]),
            .facts([
                ReportFact("Reference", side(drift.reference)), ReportFact("Data", side(drift.data)),
                ReportFact("Compared", [.time(time)]),
            ]),
        ]
        if !drift.notes.isEmpty {
            blocks.append(.disclosure("Notes", isOpen: false, [.list(drift.notes.map { [.plain($0)] })]))
        }
        var sections: [ReportSection] = []
        if !drift.schema.isEmpty { sections.append(schema(drift.schema)) }
        if !drift.keys.isEmpty { sections.append(keys(drift.keys)) }
        let columns = drift.columns.enumerated().sorted { left, right in
            left.element.drifted == right.element.drifted ? left.offset < right.offset : left.element.drifted
        }
        sections += columns.prefix(Limits.reportProfileColumns).map { section($0.element, index: $0.offset) }
        return ReportDocument(
            path: path,
            area: .drift,
            kind: "Drift",
            title: drift.data.source,
            status: drift.drifted ? .failed : .passed,
            blocks: blocks,
            sections: sections,
            offersFailedOnly: drift.drifted
        )
    }

    private static func side(_ side: DriftSide) -> ReportText {
        [.code(side.source), .faint(" \(ReportNumber.grouped(side.rowCount)) rows")]
    }

    private static func section(_ column: ColumnDrift, index: Int) -> ReportSection {
        var table = ReportTable(
            [
                ReportTable.Column("Status", .narrow), ReportTable.Column("Compared"),
                ReportTable.Column("Effect", .number), ReportTable.Column("Threshold", .number),
                ReportTable.Column("p, adjusted", .number), ReportTable.Column("Why"),
            ]
        )
        table.rows = column.aspects.map { aspect in
            let status: ReportStatus = aspect.alarm ? .failed : .passed
            let number = { (value: Double?) -> ReportText in
                value.map { [.plain(ReportNumber.tiny($0))] } ?? [.faint("–")]
            }
            let cells: [ReportText] = [
                [.status(status)],
                [.plain(aspect.aspect.rawValue.replacing("_", with: " ")), .faint(" by \(aspect.metric)")],
                number(aspect.effect), number(aspect.threshold), number(aspect.adjustedPValue ?? aspect.pValue),
                [.plain(aspect.reason)],
            ]
            return ReportTable.Row(cells.map { ReportTable.Cell($0) }, status: status)
        }
        let charts = column.aspects.filter { !$0.bins.isEmpty && ($0.alarm || $0.aspect == .values) }.map(chart)
        return ReportSection(
            "column-\(index + 1)",
            [.plain(column.name)],
            status: column.drifted ? .failed : .passed,
            remark: [.plain(column.kind)],
            blocks: [.table(table)] + (charts.isEmpty ? [] : [.charts(charts)])
        )
    }

    private static func chart(_ aspect: AspectDrift) -> ReportChart {
        let totals = aspect.bins.reduce((0, 0)) { ($0.0 + $1.reference, $0.1 + $1.data) }
        let bars = aspect.bins.prefix(Limits.reportChartBars).map { bin in
            BarChart.Bar(
                bin.label,
                Double(bin.data) / Double(max(1, totals.1)),
                other: Double(bin.reference) / Double(max(1, totals.0))
            )
        }
        let isRange = aspect.bins.contains { $0.label.contains(", ") && $0.label.hasSuffix("]") }
        let chart = BarChart(
            bars: Array(bars),
            unit: .share,
            layout: isRange && bars.count > 6 ? .histogram : .rows,
            legend: ["data", "reference"]
        )
        let title = "Share of rows by \(aspect.aspect.rawValue.replacing("_", with: " "))"
        return ReportChart(title, summary: aspect.reason, .bars(chart))
    }

    private static func schema(_ changes: [SchemaDrift]) -> ReportSection {
        var table = ReportTable(
            [
                ReportTable.Column("Status", .narrow), ReportTable.Column("Column"), ReportTable.Column("Change"),
                ReportTable.Column("Reference"), ReportTable.Column("Data"),
            ]
        )
        table.rows = changes.map { change in
            let status: ReportStatus = change.alarm ? .failed : .passed
            let cells: [ReportText] = [
                [.status(status)], [.code(change.column)],
                [.plain(change.change.rawValue.replacing("_", with: " "))],
                [.plain(change.referenceType ?? "–")], [.plain(change.dataType ?? "–")],
            ]
            return ReportTable.Row(cells.map { ReportTable.Cell($0) }, status: status)
        }
        let status: ReportStatus = changes.contains { $0.alarm } ? .failed : .passed
        return ReportSection("schema", ["Columns of one side"], status: status, blocks: [.table(table)])
    }

    private static func keys(_ keys: [KeyDrift]) -> ReportSection {
        var table = ReportTable(
            [
                ReportTable.Column("Status", .narrow), ReportTable.Column("Key"), ReportTable.Column("Kept", .number),
                ReportTable.Column("New", .number), ReportTable.Column("Vanished", .number),
                ReportTable.Column("Duplicates", .number),
            ]
        )
        table.rows = keys.map { key in
            let status: ReportStatus = key.alarm ? .failed : .passed
            let cells: [ReportText] = [
                [.status(status)], [.code(key.columns.joined(separator: ", "))],
                [.plain(ReportNumber.percent(share: key.kept))], [.plain(ReportNumber.grouped(key.new))],
                [.plain(ReportNumber.grouped(key.vanished))], [.plain(ReportNumber.grouped(key.dataDuplicates))],
            ]
            return ReportTable.Row(cells.map { ReportTable.Cell($0) }, status: status)
        }
        let status: ReportStatus = keys.contains { $0.alarm } ? .failed : .passed
        return ReportSection("keys", ["Keys"], status: status, blocks: [.table(table)])
    }
}
