import MartletCore

extension LineChart {
    private static let width = 420.0
    private static let height = 156.0
    private static let plot = (left: 46.0, right: 410.0, top: 10.0, bottom: 132.0)

    func draw(_ chart: ReportChart, to writer: inout HTMLWriter) {
        let thin = thinned()
        writer.drawing(chart, width: Self.width, height: Self.height) { thin.drawParts(to: &$0) }
    }

    private func drawParts(to writer: inout HTMLWriter) {
        let (plot, marked) = (Self.plot, points.filter { $0.status.isBad })
        let numbers = points.flatMap { [$0.value, $0.lower, $0.upper].compactMap(\.self) }
        let (domain, ticks) = ChartScale.nice(numbers, covering: range)
        let y = ChartScale(domain, from: plot.bottom, to: plot.top)
        let first = points.first?.time ?? Timestamp(microseconds: 0)
        let last = points.last?.time ?? first
        let x = ChartScale(0...max(0.001, Self.offset(last, from: first)), from: plot.left, to: plot.right)
        let isInstant = first == last
        func column(_ point: Point) -> Double {
            isInstant ? (plot.left + plot.right) / 2 : x.place(Self.offset(point.time, from: first))
        }

        writer.axis(ticks, unit, y, from: plot.left, to: plot.right)
        for run in points.split(whereSeparator: { $0.lower == nil && $0.upper == nil }) {
            // A bound that is open reaches to the end of the axis.
            let above = run.map { (x: column($0), y: y.place($0.upper ?? domain.upperBound)) }
            let below = run.reversed().map { (x: column($0), y: y.place($0.lower ?? domain.lowerBound)) }
            writer.polyline("band", above + below)
        }
        for run in points.split(whereSeparator: { $0.value == nil }) {
            var line = run.map { (x: column($0), y: y.place($0.value ?? 0)) }
            // A point by itself would hardly be seen.
            if line.count == 1 { line = [(line[0].x - 3, line[0].y), (line[0].x + 3, line[0].y)] }
            writer.polyline("line", line)
        }
        for point in marked {
            let value = point.value ?? domain.lowerBound
            let tip =
                "\(ReportNumber.time(point.time)): \(point.value.map(unit.text) ?? "no value"), \(point.status.word)"
            writer.mark(point.status, column(point), y.place(value), tip: tip)
        }
        let format = ChartTime(from: first, to: last)
        if isInstant {
            writer.label(format.text(first), (plot.left + plot.right) / 2, plot.bottom + 18, anchor: "middle")
        } else {
            let middle = first + .microseconds((last - first).microseconds / 2)
            writer.label(format.text(first), plot.left, plot.bottom + 18)
            writer.label(format.text(middle), (plot.left + plot.right) / 2, plot.bottom + 18, anchor: "middle")
            writer.label(format.text(last), plot.right, plot.bottom + 18, anchor: "end")
        }
    }

    /// Seconds from `start` to `time`.
    private static func offset(_ time: Timestamp, from start: Timestamp) -> Double {
        Double(time.microseconds - start.microseconds) / 1_000_000
    }
}

/// How times below a chart are written: as exact as their span asks for.
private struct ChartTime {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private let days: Double

    init(from first: Timestamp, to last: Timestamp) {
        days = Double((last - first).microseconds) / 86_400e6
    }

    func text(_ time: Timestamp) -> String {
        let date = CivilDate(of: time)
        let day = "\(date.day) \(Self.months[date.month - 1])"
        if days > 300 { return "\(Self.months[date.month - 1]) \(date.year)" }
        return days > 2.5 ? day : "\(day) \(date.timeText(separator: ":").prefix(5))"
    }
}
