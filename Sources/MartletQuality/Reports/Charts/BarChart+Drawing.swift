import MartletCore

extension BarChart {
    private static let width = 420.0

    func draw(_ chart: ReportChart, to writer: inout HTMLWriter) {
        var few = self
        few.bars = Array(bars.prefix(Limits.reportChartBars))
        switch layout {
        case .histogram: writer.drawing(chart, width: Self.width, height: 156) { few.drawHistogram(to: &$0) }
        case .rows:
            let height = Double(few.bars.count) * few.rowHeight + (legend.isEmpty ? 4 : 24)
            writer.drawing(chart, width: Self.width, height: height) { few.drawRows(to: &$0) }
        }
    }

    private func tip(_ bar: Bar) -> String {
        let value = "\(bar.label): \(unit.text(bar.value))"
        guard let other = bar.other else { return value }
        return "\(value), \(legend.last ?? "other") \(unit.text(other))"
    }

    private func drawHistogram(to writer: inout HTMLWriter) {
        let plot = (left: 46.0, right: 410.0, top: 10.0, bottom: 132.0)
        let (domain, ticks) = ChartScale.nice(bars.flatMap { [$0.value, $0.other ?? $0.value] }, covering: 0...0)
        let y = ChartScale(domain, from: plot.bottom, to: plot.top)
        let step = (plot.right - plot.left) / Double(max(1, bars.count))
        // Hairlines between the bars, as long as there is something left of them.
        let gap = step > 4 ? 1.0 : 0
        writer.axis(ticks, unit, y, from: plot.left, to: plot.right)
        for (index, bar) in bars.enumerated() {
            let (x, top) = (plot.left + Double(index) * step, y.place(bar.value))
            guard let other = bar.other else {
                writer.box("bar", x, top, step - gap, plot.bottom - top, tip: tip(bar))
                continue
            }
            let otherTop = y.place(other)
            writer.box("bar", x, top, (step - gap) / 2, plot.bottom - top, tip: tip(bar))
            writer.box("bar two", x + step / 2, otherTop, (step - gap) / 2, plot.bottom - otherTop, tip: tip(bar))
        }
        if let first = bars.first { writer.label(Self.end(first.label, isFirst: true), plot.left, plot.bottom + 18) }
        if bars.count > 1, let last = bars.last {
            writer.label(Self.end(last.label, isFirst: false), plot.right, plot.bottom + 18, anchor: "end")
        }
        drawLegend(y: 9, to: &writer)
    }

    /// The outer end of a range that is written `a to b`; other labels as they are.
    private static func end(_ label: String, isFirst: Bool) -> String {
        let ends = label.split(separator: " to ", maxSplits: 1)
        guard ends.count == 2 else { return ReportNumber.cut(label, to: 28) }
        return ReportNumber.cut(String(isFirst ? ends[0] : ends[1]), to: 28)
    }

    private var rowHeight: Double { bars.contains { $0.other != nil } ? 26 : 20 }

    private func drawRows(to writer: inout HTMLWriter) {
        let longest = bars.map { min(20, $0.label.count) }.max() ?? 0
        let (left, right) = (min(140, Double(longest) * 6.4 + 14), 356.0)
        let most = bars.flatMap { [$0.value, $0.other ?? 0] }.max() ?? 0
        let x = ChartScale(0...max(most, .leastNonzeroMagnitude), from: left, to: right)
        for (index, bar) in bars.enumerated() {
            let y = Double(index) * rowHeight + (legend.isEmpty ? 2 : 22)
            writer.label(ReportNumber.cut(bar.label, to: 20), left - 8, y + 12.5, anchor: "end")
            writer.box("bar", left, y + 3, max(1, x.place(bar.value) - left), 12, tip: tip(bar))
            if let other = bar.other { writer.box("bar two", left, y + 16, max(1, x.place(other) - left), 6) }
            writer.label(unit.text(bar.value), x.place(bar.value) + 6, y + 12.5)
        }
        drawLegend(y: 12, to: &writer)
    }

    private func drawLegend(y: Double, to writer: inout HTMLWriter) {
        guard legend.count == 2 else { return }
        writer.box("bar", 200, y - 8, 9, 9)
        writer.label(legend[0], 214, y)
        writer.box("bar two", 306, y - 8, 9, 9)
        writer.label(legend[1], 320, y)
    }
}
