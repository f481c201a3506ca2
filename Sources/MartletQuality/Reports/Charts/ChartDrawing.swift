import MartletCore

// Charts as SVG in the page. Colours come from the page's style by class, so that they follow light and dark.

extension HTMLWriter {
    /// A figure with its caption.
    mutating func figure(_ chart: ReportChart) {
        element("figure") { writer in
            writer.element("figcaption", chart.title)
            switch chart.drawing {
            case .line(let line): line.draw(chart, to: &writer)
            case .bars(let bars): bars.draw(chart, to: &writer)
            case .heatMap(let map): map.draw(chart, to: &writer)
            }
        }
    }

    /// A drawing that is read out as `chart` says.
    mutating func drawing(_ chart: ReportChart, width: Double, height: Double, _ content: (inout Self) -> Void) {
        let (title, summary) = (newID(), newID())
        markup("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ")
        number(width)
        markup(" ")
        number(height)
        markup("\" aria-labelledby=\"")
        text("\(title) \(summary)")
        markup("\"><title id=\"")
        text(title)
        markup("\">")
        text(chart.title)
        markup("</title><desc id=\"")
        text(summary)
        markup("\">")
        text(chart.summary)
        markup("</desc>")
        content(&self)
        markup("</svg>")
    }

    /// Words of a chart; `anchor` is start, middle or end.
    mutating func label(
        _ words: String,
        _ x: Double,
        _ y: Double,
        anchor: StaticString = "start",
        _ style: StaticString = "label"
    ) {
        markup("<text class=\"")
        markup(style)
        markup("\"")
        attribute("x", x)
        attribute("y", y)
        markup(" text-anchor=\"")
        markup(anchor)
        markup("\">")
        text(words)
        markup("</text>")
    }

    /// A straight line.
    mutating func line(_ style: StaticString, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
        markup("<path class=\"")
        markup(style)
        markup("\" d=\"M")
        point(x1, y1)
        markup("L")
        point(x2, y2)
        markup("\"/>")
    }

    /// A rectangle; what it says when pointed at.
    mutating func box(
        _ style: StaticString,
        _ x: Double,
        _ y: Double,
        _ width: Double,
        _ height: Double,
        tip: String? = nil
    ) {
        markup("<rect class=\"")
        markup(style)
        markup("\"")
        attribute("x", x)
        attribute("y", y)
        attribute("width", max(0, width))
        attribute("height", max(0, height))
        guard let tip else { return markup("/>") }
        markup("><title>")
        text(tip)
        markup("</title></rect>")
    }

    /// `x,y` of a path.
    mutating func point(_ x: Double, _ y: Double) {
        number(x)
        markup(",")
        number(y)
    }

    /// A line through points; one alone is drawn as a dot.
    mutating func polyline(_ style: StaticString, _ points: some Collection<(x: Double, y: Double)>) {
        guard let first = points.first else { return }
        markup("<path class=\"")
        markup(style)
        markup("\" d=\"M")
        point(first.x, first.y)
        // A line of no length has round ends, and is a dot.
        if points.count == 1 { markup("h0") }
        for next in points.dropFirst() {
            markup("L")
            point(next.x, next.y)
        }
        markup("\"/>")
    }

    /// A mark at a point, with a shape of its own for each status.
    mutating func mark(_ status: ReportStatus, _ x: Double, _ y: Double, tip: String) {
        markup("<path class=\"mark ")
        markup(status.style)
        markup("\" d=\"M")
        switch status {
        case .passed, .failed, .error:
            point(x, y - 4.5)
            markup("l4.5,4.5l-4.5,4.5l-4.5,-4.5z")
        case .warning:
            point(x, y - 4.5)
            markup("l4.5,8h-9z")
        }
        markup("\"><title>")
        text(tip)
        markup("</title></path>")
    }

    /// The lines and numbers of an upright axis.
    mutating func axis(_ ticks: [Double], _ unit: ChartUnit, _ scale: ChartScale, from left: Double, to right: Double) {
        for tick in ticks {
            let y = scale.place(tick)
            line("grid", left, y, right, y)
            label(unit.tick(tick), left - 6, y + 3.5, anchor: "end")
        }
    }
}

extension ReportStatus {
    /// The class of what has this status.
    var style: StaticString {
        switch self {
        case .passed: "passed"
        case .warning: "warning"
        case .failed: "failed"
        case .error: "error"
        }
    }
}
