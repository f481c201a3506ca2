/// The pictures of a page, as SVG within it.
enum AdviceCharts {
    private static let width = 1040.0

    /// Busy slots from start to end.
    static func timeline(_ advice: RunAdvice) -> String {
        let slots = Double(max(1, advice.application.shape.slots))
        let values = advice.timeline
        guard !values.isEmpty else { return "" }
        let (left, top, height) = (44.0, 8.0, 120.0)
        let step = (width - left - 8) / Double(values.count)
        var path = "M\(number(left)) \(number(top + height))"
        for (index, value) in values.enumerated() {
            let y = top + height * (1 - min(1, value / slots))
            path += "V\(number(y))H\(number(left + Double(index + 1) * step))"
        }
        path += "V\(number(top + height))Z"
        return """
            <svg viewBox="0 0 \(number(width)) 152" role="img" aria-label="busy slots over time">
            <line class="grid" x1="\(number(left))" x2="\(number(width - 8))" y1="\(number(top))" y2="\(number(top))"/>
            <line class="grid" x1="\(number(left))" x2="\(number(width - 8))" y1="\(number(top + height))" \
            y2="\(number(top + height))"/>
            <path class="area" d="\(path)"/>
            <text x="\(number(left - 6))" y="\(number(top + 4))" text-anchor="end">\(advice.application.shape.slots)</text>
            <text x="\(number(left - 6))" y="\(number(top + height))" text-anchor="end">0</text>
            <text x="\(number(left))" y="146">0</text>
            <text x="\(number(width - 8))" y="146" text-anchor="end">\(AdviceText.time(advice.application.wall))</text>
            </svg>
            """
    }

    /// Time, and core-hours, by the number of executors.
    static func curve(_ advice: RunAdvice) -> String {
        let points = advice.curve.points
        guard points.count > 1, let most = points.map(\.wall).max(), most > 0,
            let dearest = points.map(\.coreHours).max(), dearest > 0, let last = points.last
        else { return "" }
        let isLocal = advice.application.shape.isLocal
        let (left, right, top, height) = (64.0, 70.0, 12.0, 180.0)
        let room = width - left - right
        func x(_ point: SimulationCurve.Point) -> Double { left + room * point.share / last.share }
        func y(_ share: Double) -> Double { top + height * (1 - share) }
        let time = points.map { "\(number(x($0))),\(number(y(Double($0.wall) / Double(most))))" }.joined(separator: " ")
        let cost = points.map { "\(number(x($0))),\(number(y($0.coreHours / dearest)))" }.joined(separator: " ")
        var marks = ""
        for point in points {
            let count = isLocal ? point.slots : point.executors
            let place = y(Double(point.wall) / Double(most))
            let isActual = abs(point.share - 1) < 0.001
            marks +=
                "<circle class=\"dot\" cx=\"\(number(x(point)))\" cy=\"\(number(place))\" r=\"\(isActual ? 6 : 3)\">"
                + "<title>\(count): \(AdviceText.time(point.wall)), \(AdviceText.decimal(point.coreHours)) core-hours, "
                + "\(AdviceText.share(point.utilisation)) used</title></circle>"
                + "<text x=\"\(number(x(point)))\" y=\"\(number(top + height + 16))\" text-anchor=\"middle\">\(count)</text>"
            if isActual {
                marks +=
                    "<text x=\"\(number(x(point)))\" y=\"\(number(place - 10))\" text-anchor=\"middle\">as it was, "
                    + "\(AdviceText.time(point.wall))</text>"
            }
        }
        return """
            <svg viewBox="0 0 \(number(width)) 228" role="img" aria-label="time by number of executors, simulated">
            <line class="grid" x1="\(number(left))" x2="\(number(width - right))" y1="\(number(top + height))" \
            y2="\(number(top + height))"/>
            <polyline class="line" points="\(time)"/><polyline class="second" points="\(cost)"/>\(marks)
            <text x="\(number(left - 8))" y="\(number(top + 4))" text-anchor="end">\(AdviceText.time(most))</text>
            <text x="\(number(left - 8))" y="\(number(top + height))" text-anchor="end">0</text>
            <text x="\(number(width - right + 8))" y="\(number(top + 4))">\(AdviceText.decimal(dearest)) core-h</text>
            <text x="\(number(left))" y="224">\(isLocal ? "cores" : "executors") · solid: time · dashed: core-hours</text>
            </svg>
            """
    }

    /// The stages as bars from start to end.
    static func stages(_ advice: RunAdvice) -> String {
        let shown = advice.stages.prefix(24).sorted { ($0.begin, $0.id) < ($1.begin, $1.id) }
        guard !shown.isEmpty, advice.application.wall > 0 else { return "" }
        let left = 60.0
        let scale = (width - left - 8) / Double(advice.application.wall)
        var bars = ""
        for (index, stage) in shown.enumerated() {
            let y = Double(index) * 16 + 4
            let length = max(1.5, Double(stage.span) * scale)
            bars +=
                "<rect class=\"bar\(stage.isCritical ? " critical" : "")\" x=\"\(number(left + Double(stage.begin) * scale))\" "
                + "y=\"\(number(y))\" width=\"\(number(length))\" height=\"11\" rx=\"2\"><title>stage \(stage.id): "
                + "\(AdviceText.time(stage.span)), \(AdviceText.plural(stage.tasks, "task"))</title></rect>"
                + "<text x=\"\(number(left - 6))\" y=\"\(number(y + 10))\" text-anchor=\"end\">"
                + "\(stage.isCritical ? "◆ " : "")\(stage.id)</text>"
        }
        return
            "<svg viewBox=\"0 0 \(number(width)) \(shown.count * 16 + 8)\" role=\"img\" aria-label=\"stages over time\">"
            + "\(bars)</svg>"
    }

    /// A coordinate with two digits after the point.
    private static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "0" }
        let hundredths = Int((value * 100).rounded())
        return hundredths % 100 == 0 ? String(hundredths / 100) : String(Double(hundredths) / 100)
    }
}
