/// Numbers by category or by range.
package struct BarChart: Hashable, Sendable {
    package var bars: [Bar]
    package var unit: ChartUnit
    package var layout: Layout
    /// What the two numbers of each bar are called, when they have two.
    package var legend: [String]

    /// A category with its number.
    package struct Bar: Hashable, Sendable {
        package var label: String
        package var value: Double
        /// A second number to compare with.
        package var other: Double?

        /// The bar of `label`.
        package init(_ label: String, _ value: Double, other: Double? = nil) {
            self.label = label
            self.value = value
            self.other = other
        }
    }

    /// How bars stand.
    package enum Layout: Hashable, Sendable {
        /// Side by side without gaps, the first and last label below: ranges of a number.
        case histogram
        /// One below the other, each with its label: categories.
        case rows
    }

    /// Bars in their order.
    package init(bars: [Bar], unit: ChartUnit = .number, layout: Layout, legend: [String] = []) {
        self.bars = bars
        self.unit = unit
        self.layout = layout
        self.legend = legend
    }
}
