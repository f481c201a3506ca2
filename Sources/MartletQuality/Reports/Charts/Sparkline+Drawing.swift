import MartletCore

extension Sparkline {
    private static let width = 110.0
    private static let height = 22.0

    func draw(to writer: inout HTMLWriter) {
        let shown = Array(values.suffix(60))
        let known = shown.compactMap(\.self)
        writer.markup("<svg class=\"spark\" role=\"img\" viewBox=\"0 0 110 22\"")
        writer.attribute("aria-label", words)
        writer.markup(">")
        if let least = known.min(), let greatest = known.max() {
            let y = ChartScale(least...greatest, from: Self.height - 4, to: 4)
            let step = (Self.width - 8) / Double(max(1, shown.count - 1))
            let points = shown.enumerated().map { (x: 4 + Double($0.offset) * step, y: $0.element.map(y.place)) }
            for run in points.split(whereSeparator: { $0.y == nil }) {
                writer.polyline("line", run.map { (x: $0.x, y: $0.y ?? 0) })
            }
            for (point, status) in zip(points, statuses.suffix(60)) where status.isBad {
                writer.dot(status, point.x, point.y ?? Self.height - 4)
            }
        }
        writer.markup("</svg>")
    }
}

extension HTMLWriter {
    fileprivate mutating func dot(_ status: ReportStatus, _ x: Double, _ y: Double) {
        markup("<circle class=\"mark ")
        markup(status.style)
        markup("\"")
        attribute("cx", x)
        attribute("cy", y)
        markup(" r=\"2\"/>")
    }
}
