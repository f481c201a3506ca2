/// A drawing of numbers, with what it shows in words.
package struct ReportChart: Hashable, Sendable {
    package var title: String
    /// What the drawing shows, for those who do not see it.
    package var summary: String
    package var drawing: Drawing

    /// The kinds of drawings.
    package enum Drawing: Hashable, Sendable {
        case line(LineChart)
        case bars(BarChart)
        case heatMap(HeatMap)
    }

    /// A drawing called `title`.
    package init(_ title: String, summary: String, _ drawing: Drawing) {
        self.title = title
        self.summary = summary
        self.drawing = drawing
    }
}
