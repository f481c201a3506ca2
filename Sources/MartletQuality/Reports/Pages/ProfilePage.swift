package import MartletCore

/// The page of a profile: a card for each column.
package enum ProfilePage {
    /// The page at `path` of a profile that was made at `time`.
    package static func document(_ profile: ProfileDocument, path: String, time: Timestamp) -> ReportDocument {
        let shown = profile.columns.prefix(Limits.reportProfileColumns)
        var blocks: [ReportBlock] = [
            .figures([
                ReportFigure("rows", ReportNumber.grouped(profile.rowCount)),
                ReportFigure("columns", ReportNumber.grouped(profile.columnCount)),
                ReportFigure("nulls", nullShare(profile)),
            ]),
            .facts(facts(profile, time)),
        ]
        if !profile.notes.isEmpty {
            blocks.append(.disclosure("Notes", isOpen: false, [.list(profile.notes.map { [.plain($0)] })]))
        }
        if shown.count < profile.columns.count {
            let words = "The first \(shown.count) of \(ReportNumber.grouped(profile.columns.count)) columns are shown."
            blocks.append(.notice(.warning, [.plain(words)]))
        }
        let cards = shown.enumerated().map { section($0.element, index: $0.offset, rows: profile.rowCount) }
        return ReportDocument(
            path: path,
            area: .profiles,
            kind: "Profile",
            title: profile.source,
            blocks: blocks,
            sections: overview(profile) + cards
        )
    }

    private static func nullShare(_ profile: ProfileDocument) -> String {
        let cells = Double(profile.rowCount) * Double(profile.columnCount)
        let nulls = profile.columns.reduce(0) { $0 + Double($1.nullCount) }
        return cells == 0 ? "–" : ReportNumber.percent(share: nulls / cells)
    }

    private static func facts(_ profile: ProfileDocument, _ time: Timestamp) -> [ReportFact] {
        var facts = [ReportFact("Made", [.time(time)]), ReportFact("Read by", [.plain(profile.engine)])]
        let keys = profile.candidateKeys.prefix(12).map { $0.columns.joined(separator: ", ") }
        if !keys.isEmpty {
            facts.append(ReportFact("Candidate keys", keys.flatMap { [.code($0), " "] as ReportText }))
        }
        return facts
    }

    // MARK: - The table as a whole

    private static func overview(_ profile: ProfileDocument) -> [ReportSection] {
        var sections: [ReportSection] = []
        if profile.columns.count > 1 {
            var table = ReportTable(
                [
                    ReportTable.Column("Column"), ReportTable.Column("Type"), ReportTable.Column("Nulls", .number),
                    ReportTable.Column("Distinct", .number), ReportTable.Column("Least"),
                    ReportTable.Column("Greatest"),
                ],
                isSearchable: profile.columns.count > 10
            )
            table.rows = profile.columns.prefix(Limits.reportProfileColumns).enumerated().map { index, column in
                let cells: [ReportText] = [
                    [.link(column.name, .section("column-\(index + 1)"))], [.faint(column.type)],
                    [.plain(share(column.nullCount, of: profile.rowCount))], distinct(column),
                    column.minimum.map { [.plain(ReportNumber.value($0))] } ?? [],
                    column.maximum.map { [.plain(ReportNumber.value($0))] } ?? [],
                ]
                return ReportTable.Row(cells.map { ReportTable.Cell($0) })
            }
            sections.append(ReportSection("columns", ["Columns"], blocks: [.table(table)]))
        }
        if let map = correlations(profile) {
            sections.append(ReportSection("correlations", ["Correlations"], blocks: [.charts([map])] + pairs(profile)))
        }
        let missing = profile.missingTogether.prefix(10)
        if !missing.isEmpty {
            let lines = missing.map { pair -> ReportText in
                let columns = pair.columns.joined(separator: " and ")
                let rows = "\(ReportNumber.grouped(pair.both)) of \(ReportNumber.grouped(pair.either)) rows"
                return [.strong(columns), .plain(": both missing in \(rows) that miss either")]
            }
            sections.append(ReportSection("missing", ["Missing together"], blocks: [.list(lines)]))
        }
        return sections
    }

    private static func correlations(_ profile: ProfileDocument) -> ReportChart? {
        let known = profile.correlations.filter { $0.columns.count == 2 && $0.coefficient.isFinite }
        let correlated = Set(known.flatMap(\.columns))
        let labels = Array(profile.columns.map(\.name).filter(correlated.contains).prefix(Limits.reportHeatMapSide))
        guard labels.count > 2 else { return nil }
        let index = Dictionary(labels.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        var cells = [[Double?]](repeating: [Double?](repeating: nil, count: labels.count), count: labels.count)
        for place in labels.indices { cells[place][place] = 1 }
        for pair in known {
            guard let row = index[pair.columns[0]], let column = index[pair.columns[1]] else { continue }
            (cells[row][column], cells[column][row]) = (pair.coefficient, pair.coefficient)
        }
        let summary = "Pearson's correlation of \(labels.count) numeric columns. Strongest: \(strongest(known))."
        return ReportChart("Pearson's correlation", summary: summary, .heatMap(HeatMap(labels: labels, cells: cells)))
    }

    private static func strongest(_ pairs: [Correlation]) -> String {
        pairs.prefix(3).map { "\($0.columns[0]) and \($0.columns[1]) \(ReportNumber.tiny($0.coefficient))" }
            .joined(separator: ", ")
    }

    /// The strongest pairs in words, as the map tells them only to those who see it.
    private static func pairs(_ profile: ProfileDocument) -> [ReportBlock] {
        var table = ReportTable([ReportTable.Column("Columns"), ReportTable.Column("Coefficient", .number)])
        table.rows = profile.correlations.prefix(20).map { pair in
            ReportTable.Row([
                ReportTable.Cell([.plain(pair.columns.joined(separator: " and "))]),
                ReportTable.Cell([.plain(ReportNumber.tiny(pair.coefficient))]),
            ])
        }
        return [.disclosure("Strongest pairs", isOpen: false, [.table(table)])]
    }

    // MARK: - A column

    private static func section(_ column: ColumnProfile, index: Int, rows: Int) -> ReportSection {
        ReportSection(
            "column-\(index + 1)",
            [.plain(column.name)],
            remark: [.plain(column.type)],
            blocks: [.facts(columnFacts(column, rows))] + ColumnCharts(column, rows: rows).blocks
        )
    }

    private static func columnFacts(_ column: ColumnProfile, _ rows: Int) -> [ReportFact] {
        var facts = [ReportFact("Nulls", count(column.nullCount, rows))]
        if column.distinct != nil { facts.append(ReportFact("Distinct", distinct(column))) }
        if let value = column.minimum { facts.append(ReportFact("Least", [.plain(ReportNumber.value(value))])) }
        if let value = column.maximum { facts.append(ReportFact("Greatest", [.plain(ReportNumber.value(value))])) }
        if let numbers = column.numbers {
            if let mean = numbers.mean { facts.append(ReportFact("Mean", [.plain(ReportNumber.short(mean))])) }
            if let deviation = numbers.standardDeviation {
                facts.append(ReportFact("Standard deviation", [.plain(ReportNumber.short(deviation))]))
            }
            let counts = [
                ("Zeros", numbers.zeroCount), ("Negative", numbers.negativeCount), ("Not a number", numbers.nanCount),
                ("Infinite", numbers.positiveInfinityCount + numbers.negativeInfinityCount),
            ]
            facts += counts.filter { $0.1 > 0 }.map { ReportFact($0.0, count($0.1, rows)) }
        }
        if let lengths = column.lengths {
            let mean = ReportNumber.short((lengths.mean * 10).rounded() / 10)
            facts.append(
                ReportFact("Lengths", [.plain("\(lengths.minimum) to \(lengths.maximum), \(mean) on average")])
            )
            if lengths.emptyCount > 0 { facts.append(ReportFact("Empty", count(lengths.emptyCount, rows))) }
        }
        return facts
    }

    private static func distinct(_ column: ColumnProfile) -> ReportText {
        guard let distinct = column.distinct else { return [.faint("–")] }
        return [.plain("\(distinct.isExact ? "" : "about ")\(ReportNumber.grouped(distinct.count))")]
    }

    private static func count(_ count: Int, _ rows: Int) -> ReportText {
        count == 0
            ? ["none"] : [.plain(ReportNumber.grouped(count)), .faint(" (\(share(count, of: rows)))")]
    }

    private static func share(_ count: Int, of rows: Int) -> String {
        rows == 0 ? "–" : ReportNumber.percent(share: Double(count) / Double(rows))
    }
}
