/// The result for a terminal: a table in columns.
struct TextReport {
    let rows: [Row]

    var text: String {
        let table = [Row.headings] + rows.map(\.cells)
        let widths = Row.headings.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { cells in line(cells, widths) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (column, cell) in cells.enumerated() {
            let space = String(repeating: " ", count: widths[column] - cell.count)
            // Names and goals start at one edge, numbers end at one.
            let isNumber = (1...5).contains(column)
            text += (column == 0 ? "" : "  ") + (isNumber ? space + cell : cell + space)
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
