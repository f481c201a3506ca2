import MartletCore

/// What a result says was seen: a few words, and what explains them where the document has it.
struct ObservedValue {
    private(set) var text: ReportText = []
    private(set) var blocks: [ReportBlock] = []

    init(_ result: ExpectationRecord) {
        let facts = result.result
        if let observed = result.observed {
            tell(observed)
        } else if let count = facts["unexpected_count"]?.count {
            tell(unexpected: count, facts)
        } else if result.failures.isEmpty {
            text = [.faint(facts.isEmpty ? "–" : "null")]
        }
        samples(facts)
        details(facts["details"])
        if let query = facts["unexpected_index_query"]?.stringValue, !query.isEmpty {
            blocks.append(.disclosure("Query that finds them", isOpen: false, [.preformatted(query)]))
        }
    }

    private mutating func tell(_ value: JSONValue) {
        if case .object(let members) = value, let quantiles = members["quantiles"], let values = members["values"] {
            text = []
            var table = ReportTable([ReportTable.Column("Quantile", .number), ReportTable.Column("Value", .number)])
            table.rows = zip(quantiles.elements, values.elements).prefix(Limits.reportSamples).map {
                ReportTable.Row([Self.cell($0), Self.cell($1)])
            }
            blocks.append(.table(table))
            return
        }
        guard case .array(let values) = value else {
            text = [value.doubleValue == nil ? .code(ReportNumber.value(value)) : .plain(ReportNumber.value(value))]
            return
        }
        let most = Limits.reportSamples
        text = values.prefix(most).flatMap { [.code(ReportNumber.exact($0)), " "] as ReportText }
        if values.count > most { text.append(.plain("and \(ReportNumber.grouped(values.count - most)) more")) }
        if values.isEmpty { text = [.faint("an empty list")] }
    }

    private mutating func tell(unexpected count: Int, _ facts: [String: JSONValue]) {
        guard let elements = facts["element_count"]?.count else {
            text = [.plain("\(ReportNumber.grouped(count)) unexpected")]
            return
        }
        let missing = facts["missing_count"]?.count ?? 0
        let tested = max(0, elements - missing)
        if count == 0 {
            text = [.plain("none unexpected")]
        } else {
            let share = tested > 0 ? " (\(ReportNumber.percent(share: Double(count) / Double(tested))))" : ""
            text = [.strong("\(ReportNumber.grouped(count)) unexpected"), .plain(share)]
        }
        text.append(.faint(" of \(ReportNumber.grouped(tested))"))
        if missing > 0 { text.append(.faint(", \(ReportNumber.grouped(missing)) missing")) }
    }

    // MARK: - Samples

    private mutating func samples(_ facts: [String: JSONValue]) {
        let counted = facts["partial_unexpected_counts"]?.elements ?? []
        let listed = facts["unexpected_list"]?.elements ?? facts["partial_unexpected_list"]?.elements ?? []
        if !counted.isEmpty, counted.allSatisfy({ $0["value"] != nil }) {
            let tallies = counted.prefix(Limits.reportSamples).map { item in
                ReportSpan.tally(
                    Self.sample(item["value"] ?? .null),
                    count: item["count"]?.count ?? 1
                )
            }
            blocks.append(.paragraph(tallies))
        } else if !listed.isEmpty {
            let values = listed.prefix(Limits.reportSamples).flatMap {
                [.code(Self.sample($0)), " "] as ReportText
            }
            blocks.append(.paragraph(values))
        }
        rows("Unexpected rows", facts["unexpected_rows"])
        rows("Missing values", facts["partial_missing_list"])
        let places = facts["unexpected_index_list"]?.elements ?? facts["partial_unexpected_index_list"]?.elements ?? []
        if !places.isEmpty {
            let isTable = places.allSatisfy { !$0.members.isEmpty }
            if isTable { return rows("Where they are", .array(places)) }
            let shown = places.prefix(Limits.reportSamples).map { ReportNumber.exact($0) }.joined(separator: ", ")
            let more = places.count - Limits.reportSamples
            let rest = more > 0 ? " and \(ReportNumber.grouped(more)) more" : ""
            blocks.append(.paragraph([.faint("at \(shown)\(rest)")]))
        }
    }

    /// Rows as a table, or values one after another.
    private mutating func rows(_ title: String, _ list: JSONValue?) {
        guard let rows = list?.elements, !rows.isEmpty else { return }
        let columns = Set(rows.prefix(Limits.reportSamples).flatMap(\.members.keys)).sorted().prefix(20)
        guard !columns.isEmpty else {
            let values = rows.prefix(Limits.reportSamples).flatMap { [.code(Self.sample($0)), " "] as ReportText }
            blocks.append(.paragraph([.faint("\(title): ")] + values))
            return
        }
        var table = ReportTable(columns.map { ReportTable.Column($0) })
        table.rows = rows.prefix(Limits.reportSamples).map { row in
            ReportTable.Row(columns.map { Self.cell(row[$0] ?? .null) })
        }
        blocks.append(.disclosure(title, isOpen: rows.count <= 5, [.table(table)]))
    }

    private mutating func details(_ details: JSONValue?) {
        guard var members = details?.members, !members.isEmpty else { return }
        if let chart = PartitionChart.chart(members) {
            blocks.append(.charts([chart]))
            members["observed_partition"] = nil
            members["expected_partition"] = nil
        }
        rows("Unexpected rows", members.removeValue(forKey: "unexpected_rows"))
        rows("Missing rows", members.removeValue(forKey: "missing_rows"))
        // The quantiles' own verdicts repeat what the table above shows.
        members["success_details"] = nil
        if case .array? = members["mismatched"] {
            rows("Mismatches", members.removeValue(forKey: "mismatched"))
        }
        if !members.isEmpty {
            blocks.append(.disclosure("Details", isOpen: false, [.preformatted(ExactJSON.indented(.object(members)))]))
        }
    }

    private static func sample(_ value: JSONValue) -> String {
        switch value {
        case .object(let members) where members.count <= 6:
            members.sorted { $0.key < $1.key }.map { "\($0.key) = \(ReportNumber.exact($0.value))" }
                .joined(separator: ", ")
        case .array(let values) where values.count <= 6:
            values.map { ReportNumber.exact($0) }.joined(separator: ", ")
        // An empty text would look like nothing at all.
        case .string(""): "\"\""
        default: ReportNumber.exact(value)
        }
    }

    private static func cell(_ value: JSONValue) -> ReportTable.Cell {
        value == .null ? ReportTable.Cell([.faint("null")]) : ReportTable.Cell([.plain(ReportNumber.exact(value))])
    }
}

/// The chart of an observed distribution beside the expected one.
enum PartitionChart {
    static func chart(_ details: [String: JSONValue]) -> ReportChart? {
        guard let observed = details["observed_partition"], let expected = details["expected_partition"] else {
            return nil
        }
        let weights = observed["weights"]?.elements.compactMap(\.doubleValue) ?? []
        let others = expected["weights"]?.elements.compactMap(\.doubleValue) ?? []
        guard !weights.isEmpty, weights.count == others.count else { return nil }
        let labels: [String]
        let layout: BarChart.Layout
        if let values = observed["values"]?.elements, values.count == weights.count {
            (labels, layout) = (values.map { ReportNumber.value($0) }, .rows)
        } else if let bins = observed["bins"]?.elements, bins.count == weights.count + 1 {
            let ends = bins.map { ReportNumber.value($0) }
            (labels, layout) = (zip(ends, ends.dropFirst()).map { "\($0) to \($1)" }, .histogram)
        } else {
            return nil
        }
        let bars = zip(labels, zip(weights, others)).map { BarChart.Bar($0, $1.0, other: $1.1) }
        let chart = BarChart(
            bars: Array(bars.prefix(Limits.reportChartBars)),
            unit: .share,
            layout: layout,
            legend: ["observed", "expected"]
        )
        let summary = "Observed and expected share of \(bars.count) \(layout == .rows ? "values" : "ranges")."
        return ReportChart("Observed and expected distribution", summary: summary, .bars(chart))
    }
}
