/// Columns of text, aligned by what a terminal shows of them.
struct TextTable {
    enum Alignment { case left, right }

    private let alignments: [Alignment]
    private var rows: [[Cell]] = []
    private var header: [Cell] = []

    /// Text, and how it is painted; painting does not count for the width.
    struct Cell {
        var text: String
        var paint: (String) -> String = { $0 }
    }

    /// An empty table with one column for each alignment.
    ///
    /// The header is a first row that does not keep an otherwise empty column.
    init(_ alignments: [Alignment], header: [Cell] = []) {
        self.alignments = alignments
        self.header = header
    }

    mutating func add(_ cells: [Cell]) { rows.append(cells) }
    mutating func add(_ texts: [String]) { rows.append(texts.map { Cell(text: $0) }) }

    /// The lines, without blanks at their ends; columns that are empty in every row are left out.
    func lines(indent: String = "  ") -> [String] {
        let widths = alignments.indices.map { column in
            let body = rows.map { $0[column].text.count }.max() ?? 0
            return body > 0 && !header.isEmpty ? max(body, header[column].text.count) : body
        }
        return (header.isEmpty ? rows : [header] + rows).map { row in
            var line = ""
            var pendingBlanks = 0
            for (column, cell) in row.enumerated() where widths[column] > 0 {
                let blanks = widths[column] - cell.text.count
                let before = alignments[column] == .right ? blanks : 0
                if !cell.text.isEmpty {
                    line += String(repeating: " ", count: pendingBlanks + before) + cell.paint(cell.text)
                    pendingBlanks = 0
                } else {
                    pendingBlanks += before
                }
                pendingBlanks += blanks - before + 2
            }
            return indent + line
        }
    }
}

/// Numbers as people read them.
enum NumberText {
    /// Thousands separated by commas.
    static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return (value < 0 ? "-" : "") + result
    }

    /// Whole numbers grouped, others with four significant digits.
    static func short(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return grouped(Int(value)) }
        let magnitude = abs(value)
        if magnitude >= 1e6 || magnitude < 1e-4 { return String(value) }
        let factor: Double = magnitude >= 1000 ? 10 : magnitude >= 1 ? 1000 : 10_000
        return String((value * factor).rounded() / factor)
    }

    /// Bytes in the units of file managers.
    static func bytes(_ count: Int) -> String {
        let units = ["B", "KB", "MB", "GB", "TB"]
        var value = Double(count)
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        if unit == 0 { return "\(count) B" }
        return "\((value * 10).rounded() / 10) \(units[unit])"
    }
}
