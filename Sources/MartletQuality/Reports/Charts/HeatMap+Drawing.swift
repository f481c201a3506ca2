import MartletCore

extension HeatMap {
    func draw(_ chart: ReportChart, to writer: inout HTMLWriter) {
        let count = min(labels.count, Limits.reportHeatMapSide)
        let (left, top) = (112.0, 74.0)
        let side = min(36, max(11, (420 - left - 4) / Double(max(1, count))))
        let width = max(420, left + side * Double(count) + 4)
        writer.drawing(chart, width: width, height: top + side * Double(count) + 4) { writer in
            for row in 0..<count {
                let middle = side * (Double(row) + 0.5)
                writer.label(ReportNumber.cut(labels[row], to: 16), left - 6, top + middle + 4, anchor: "end")
                writer.slantedLabel(ReportNumber.cut(labels[row], to: 12), left + middle, top - 6)
                for column in 0..<count {
                    cell(row, column, x: left + side * Double(column), y: top + side * Double(row), side, to: &writer)
                }
            }
        }
    }

    private func cell(_ row: Int, _ column: Int, x: Double, y: Double, _ side: Double, to writer: inout HTMLWriter) {
        let tip = "\(labels[row]) and \(labels[column]): "
        guard let value = cells[row][column], value.isFinite else {
            return writer.box("none", x, y, side - 1, side - 1, tip: "\(tip)not known")
        }
        writer.shade(value, x, y, side - 1, tip: "\(tip)\(ReportNumber.short((value * 1000).rounded() / 1000))")
        guard side >= 26 else { return }
        let text = ReportNumber.short((value * 100).rounded() / 100)
        writer.label(text.replacing("0.", with: "."), x + side / 2 - 0.5, y + side / 2 + 3.5, anchor: "middle", "value")
    }
}

extension HTMLWriter {
    /// A square, the more opaque the farther `value` is from 0, in one colour above it and another below.
    fileprivate mutating func shade(_ value: Double, _ x: Double, _ y: Double, _ side: Double, tip: String) {
        markup("<rect")
        attribute("class", value < 0 ? "minus" : "plus")
        attribute("x", x)
        attribute("y", y)
        attribute("width", side)
        attribute("height", side)
        // Not opaque at the ends, so that the number in the square stays legible.
        attribute("fill-opacity", String(Double(Int(min(1, abs(value)) * 60)) / 100))
        markup("><title>")
        text(tip)
        markup("</title></rect>")
    }

    fileprivate mutating func slantedLabel(_ words: String, _ x: Double, _ y: Double) {
        markup("<text transform=\"translate(")
        point(x, y)
        markup(") rotate(-45)\">")
        text(words)
        markup("</text>")
    }
}
