import MartletCore
import MartletQuality

/// A profile for people.
struct ProfileText {
    let style: Style

    /// The whole table, a line for each column.
    func lines(_ profile: ProfileDocument) -> [String] {
        var lines = [
            style.bold(DisplayText.line(profile.source)) + "  "
                + style.faint(
                    "\(NumberText.grouped(profile.rowCount)) rows, \(NumberText.grouped(profile.columnCount)) columns,"
                        + " \(profile.scans) scans, \(profile.engine)"
                ),
            "",
        ]
        let header = ["column", "type", "nulls", "distinct", "least", "median", "greatest", "spread"]
        var table = TextTable(
            [.left, .left, .right, .right, .right, .right, .right, .left],
            header: header.map { TextTable.Cell(text: $0, paint: { style.faint($0) }) }
        )
        for column in profile.columns {
            let median = column.quantiles.first { $0.share == 0.5 }?.value
            let cells = [
                TextTable.Cell(text: cut(column.name, 32), paint: { style.bold($0) }),
                TextTable.Cell(text: cut(column.type, 20), paint: { style.faint($0) }),
                nulls(column, of: profile.rowCount),
                TextTable.Cell(text: distinct(column)),
                TextTable.Cell(text: value(column.minimum)),
                TextTable.Cell(text: value(median)),
                TextTable.Cell(text: value(column.maximum)),
                TextTable.Cell(
                    text: spread(column),
                    paint: { column.histogram == nil ? style.faint($0) : style.accent($0) }
                ),
            ]
            table.add(cells)
        }
        lines += table.lines(indent: "")
        lines += section("keys", profile.candidateKeys.map { $0.columns.map { cut($0, 32) }.joined(separator: " + ") })
        lines += section(
            "correlations",
            profile.correlations.filter { abs($0.coefficient) >= 0.3 }.prefix(10).map {
                "\(NumberText.short(($0.coefficient * 1000).rounded() / 1000))  "
                    + $0.columns.map { cut($0, 32) }.joined(separator: ", ")
            }
        )
        lines += section(
            "missing together",
            profile.missingTogether.prefix(10).map {
                "\(NumberText.grouped($0.both)) of \(NumberText.grouped($0.either))  "
                    + $0.columns.map { cut($0, 32) }.joined(separator: ", ")
            }
        )
        lines += section("notes", profile.notes.map { DisplayText.line($0) })
        return lines
    }

    /// All that is known of one column.
    func lines(_ column: ColumnProfile) -> [String] {
        var lines = [style.bold(DisplayText.line(column.name)) + "  " + style.faint(DisplayText.line(column.type))]
        var facts = TextTable([.left, .right])
        func fact(_ name: String, _ text: String?) {
            guard let text else { return }
            facts.add([TextTable.Cell(text: name, paint: { style.faint($0) }), TextTable.Cell(text: text)])
        }
        fact("nulls", NumberText.grouped(column.nullCount))
        fact("distinct", distinct(column))
        fact("least", column.minimum.map(value))
        fact("greatest", column.maximum.map(value))
        fact("mean", column.numbers?.mean.map(NumberText.short))
        fact("standard deviation", column.numbers?.standardDeviation.map(NumberText.short))
        if let numbers = column.numbers {
            fact("zeros", numbers.zeroCount > 0 ? NumberText.grouped(numbers.zeroCount) : nil)
            fact("negative", numbers.negativeCount > 0 ? NumberText.grouped(numbers.negativeCount) : nil)
            let odd = numbers.nanCount + numbers.positiveInfinityCount + numbers.negativeInfinityCount
            fact("not finite", odd > 0 ? NumberText.grouped(odd) : nil)
        }
        if let lengths = column.lengths {
            fact("lengths", "\(lengths.minimum) to \(lengths.maximum), mean \(NumberText.short(lengths.mean))")
            fact("empty", lengths.emptyCount > 0 ? NumberText.grouped(lengths.emptyCount) : nil)
        }
        for quantile in column.quantiles {
            fact("\(NumberText.short(quantile.share * 100)) % up to", value(quantile.value))
        }
        lines += facts.lines()
        lines += bars("histogram", column.histogram)
        lines += bars("bins of as many rows", column.quantileHistogram)
        lines += counts("most frequent", column.topValues.map { (value($0.value), $0.count) })
        lines += counts("patterns", column.patterns.map { (cut($0.mask, 40), $0.count) })
        return lines + [""]
    }

    private func nulls(_ column: ColumnProfile, of rows: Int) -> TextTable.Cell {
        guard column.nullCount > 0, rows > 0 else { return TextTable.Cell(text: "") }
        let share = Double(column.nullCount) / Double(rows) * 100
        let text = share < 0.1 ? "<0.1 %" : "\((share * 10).rounded() / 10) %"
        return TextTable.Cell(text: text, paint: { share >= 50 ? style.warn($0) : $0 })
    }

    private func distinct(_ column: ColumnProfile) -> String {
        guard let distinct = column.distinct else { return "?" }
        return (distinct.isExact ? "" : "~") + NumberText.grouped(distinct.count)
    }

    /// The histogram as a line, or the most frequent values.
    private func spread(_ column: ColumnProfile) -> String {
        if let histogram = column.histogram { return SparkText.counts(histogram.counts) }
        return column.topValues.prefix(3).map { value($0.value) }.joined(separator: ", ")
    }

    private func bars(_ title: String, _ histogram: ValueHistogram?) -> [String] {
        guard let histogram, let most = histogram.counts.max(), most > 0 else { return [] }
        var table = TextTable([.right, .left, .right, .right, .left])
        for (index, count) in histogram.counts.enumerated() {
            let width = Int((Double(count) / Double(most) * 30).rounded(.up))
            table.add([
                TextTable.Cell(text: value(histogram.edges[index])), TextTable.Cell(text: "–"),
                TextTable.Cell(text: value(histogram.edges[index + 1])),
                TextTable.Cell(text: NumberText.grouped(count)),
                TextTable.Cell(text: String(repeating: "▇", count: width), paint: { style.accent($0) }),
            ])
        }
        return ["", "  " + style.faint(title)] + table.lines()
    }

    private func counts(_ title: String, _ counts: [(text: String, count: Int)]) -> [String] {
        guard !counts.isEmpty else { return [] }
        var table = TextTable([.right, .left])
        for entry in counts { table.add([NumberText.grouped(entry.count), entry.text.isEmpty ? "''" : entry.text]) }
        return ["", "  " + style.faint(title)] + table.lines()
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", style.faint(title)] + lines.map { "  \($0)" }
    }

    private func value(_ value: JSONValue?) -> String {
        switch value {
        case nil: ""
        case .integer(let number): NumberText.grouped(number)
        case .number(let number): NumberText.short(number)
        case let other?: cut(other.displayText, 24)
        }
    }

    private func cut(_ text: String, _ most: Int) -> String {
        let line = DisplayText.line(text)
        return line.count <= most ? line : line.prefix(most - 1) + "…"
    }
}
