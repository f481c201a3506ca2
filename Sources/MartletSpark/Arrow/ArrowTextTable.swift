package import MartletCore

/// The first rows of a result as a table for a terminal.
package struct ArrowTextTable {
    /// Rows beyond those that are shown.
    package private(set) var hiddenRows = 0
    private let schema: ArrowSchema
    private let headers: [String]
    private let isNumeric: [Bool]
    private let maximumRows: Int
    private let formatter: ArrowFormatter
    private var rows: [[String]] = []

    /// An empty table of the columns of `schema`.
    ///
    /// - Parameters:
    ///   - schema: the columns.
    ///   - maximumRows: how many rows are kept.
    ///   - formatter: how values are written.
    package init(_ schema: ArrowSchema, maximumRows: Int, formatter: ArrowFormatter = ArrowFormatter()) {
        self.schema = schema
        headers = schema.fields.map { Self.cell($0.name) }
        isNumeric = schema.fields.map(\.type.kind.isNumeric)
        self.maximumRows = max(0, maximumRows)
        self.formatter = formatter
    }

    /// Adds the rows of a batch of the same schema, as far as there is room for them.
    ///
    /// - Throws: `.arrowMalformed` when the batch has other columns.
    package mutating func add(_ batch: ArrowBatch) throws(MartletError) {
        try batch.schema.check(against: schema)
        let taken = min(batch.rowCount, maximumRows - rows.count)
        for row in 0..<taken { rows.append(batch.row(row).map { Self.cell(formatter.text($0)) }) }
        hiddenRows += batch.rowCount - taken
    }

    /// The header, a rule, and the rows, each not longer than `width` characters.
    ///
    /// Wide columns are cut first, with an ellipsis; columns that still have no place are left out at the end.
    package func lines(width: Int) -> [String] {
        var widths = headers.indices.map { column in
            max(1, headers[column].count, rows.lazy.map { $0[column].count }.max() ?? 0)
        }
        func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }
        while total(widths) > width, let widest = widths.max(), widest > Self.leastWidth {
            // All the widest go down together, to the next or as far as is needed.
            let next = max(Self.leastWidth, widths.filter { $0 < widest }.max() ?? 0)
            let count = widths.count { $0 == widest }
            let step = min(widest - next, (total(widths) - width + count - 1) / count)
            widths = widths.map { $0 == widest ? $0 - max(1, step) : $0 }
        }
        while total(widths) > width, widths.count > 1 { widths.removeLast() }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
        return [line(headers, widths), rule] + rows.map { line($0, widths) }
    }

    /// Columns are not made narrower than this many characters.
    private static let leastWidth = 8

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        var blanks = 0
        for (column, width) in widths.enumerated() {
            let cell = cells[column].count <= width ? cells[column] : cells[column].prefix(width - 1) + "…"
            let missing = width - cell.count
            line += String(repeating: " ", count: blanks + (isNumeric[column] ? missing : 0)) + cell
            blanks = (isNumeric[column] ? 0 : missing) + 2
        }
        return line
    }

    /// `text` as one line of bounded length, without characters that a terminal would obey.
    private static func cell(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == Limits.arrowTableCellCharacters {
                result.append("…")
                break
            }
            count += 1
            let isBreak = scalar == "\n" || scalar == "\t" || scalar == "\r"
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result.append(isBreak ? " " : isControl ? "\u{FFFD}" : scalar)
        }
        return String(result)
    }
}
