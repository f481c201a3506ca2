import MartletCore

extension ColumnProfile {
    /// The shares of quantiles that profiles tell.
    static let shares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

    /// The profile of what scans found out.
    init(_ summary: ColumnSummary, _ spread: ColumnSpread, bins: Int, told: Int) {
        self.init(column: summary.column, nullCount: summary.nullCount)
        let scale = summary.scale
        distinct = summary.distinct
        minimum = summary.minimum?.told
        maximum = summary.maximum?.told
        numbers = summary.numbers
        lengths = summary.lengths
        if let points = spread.numbers, let low = summary.lowest, let high = summary.highest {
            quantiles = Self.shares.compactMap { share in
                points.quantile(share).map { quantile in
                    let value = summary.column.kind == .integer ? quantile.value.rounded() : quantile.value
                    return Quantile(share: share, value: scale.value(value), shareError: quantile.shareError)
                }
            }
            func histogram(_ edges: [Double]) -> ValueHistogram {
                ValueHistogram(edges: edges.map(scale.value), counts: points.counts(between: edges))
            }
            let isWhole = summary.column.kind == .integer
            self.histogram = histogram(BinEdges.equalWidth(low, high, bins: bins, isWhole: isWhole))
            quantileHistogram = histogram(points.quantileEdges(bins))
        }
        topValues = spread.top.prefix(told).map { entry in
            let number = summary.role == .instant ? scale.number(entry.value) : nil
            return ValueCount(value: number.map(scale.value) ?? value(entry.value, summary), count: entry.count)
        }
        if case .sample = summary.values { topValuesAreExact = false }
        if summary.role == .text { takePatterns(summary, told: told) }
    }

    /// A value as it stands in the document: sampled whole numbers come as doubles.
    private func value(_ value: SQLValue, _ summary: ColumnSummary) -> JSONValue {
        if summary.column.kind == .integer, case .double(let number) = value { return summary.scale.value(number) }
        return value.told
    }

    private mutating func takePatterns(_ summary: ColumnSummary, told: Int) {
        var counts: [String: Int] = [:]
        func take(_ value: SQLValue, _ count: Int) {
            guard case .text(let text) = value else { return }
            counts[TextMask.of(text), default: 0] += count
            patternRows += count
        }
        switch summary.values {
        case .none: break
        case .all(let entries): for entry in entries { take(entry.value, entry.count) }
        case .sample(let sample): for value in sample.rows { take(value, 1) }
        }
        patterns = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .prefix(told)
            .map { PatternCount(mask: $0.key, count: $0.value) }
    }
}
