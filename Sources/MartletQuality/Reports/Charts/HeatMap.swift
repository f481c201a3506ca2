/// Numbers of -1...1 by row and column, as of correlations.
package struct HeatMap: Hashable, Sendable {
    package var labels: [String]
    /// As many rows and columns as there are labels; nil is unknown.
    package var cells: [[Double?]]

    /// A square of numbers.
    package init(labels: [String], cells: [[Double?]]) {
        self.labels = labels
        self.cells = cells
    }
}
