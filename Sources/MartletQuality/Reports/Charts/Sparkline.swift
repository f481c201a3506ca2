/// A line without axes, as small as a word.
package struct Sparkline: Hashable, Sendable {
    /// In the order of time; nil leaves a gap.
    package var values: [Double?]
    /// The status at each of them; empty marks none.
    package var statuses: [ReportStatus]
    package var unit: ChartUnit

    /// A line through `values`.
    package init(_ values: [Double?], statuses: [ReportStatus] = [], unit: ChartUnit = .number) {
        self.values = values
        self.statuses = statuses
        self.unit = unit
    }

    /// What it shows, in words.
    package var words: String {
        let known = values.compactMap(\.self)
        guard let first = known.first, let last = known.last, let least = known.min(), let greatest = known.max() else {
            return "no values"
        }
        if least == greatest { return "\(unit.text(last)) throughout" }
        return "from \(unit.text(first)) to \(unit.text(last)), between \(unit.text(least)) and \(unit.text(greatest))"
    }
}
