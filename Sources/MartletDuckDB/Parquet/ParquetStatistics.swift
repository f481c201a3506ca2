import Foundation
import MartletCore

/// Adds up what the footers of a table's files say of its columns.
///
/// DuckDB's `parquet_metadata` makes a row of thirty columns for each column of each row group, which takes longer than
/// all else for a file of many row groups; here the numbers are added up while they are read.
struct ParquetStatistics {
    private let kinds: [String: TableColumn.Kind]
    private var rows = 0
    private var fileCount = 0
    /// By name, with the number of files it is in.
    private var columns = [String: (total: ParquetFooter.Column, fileCount: Int)]()

    /// Reads the footers of the files at `paths` of a table with `columns`.
    ///
    /// - Throws: why a file is not a Parquet file.
    init(ofFiles paths: [String], columns: [TableColumn]) throws(ParquetFile.Unreadable) {
        kinds = Dictionary(columns.map { ($0.name, $0.kind) }) { first, _ in first }
        for path in paths { add(try ParquetFile.footer(ofFile: path) { [kinds] name in kinds[name] }) }
    }

    /// What is certain of the table.
    var table: TableStatistics {
        var known = [String: TableStatistics.Column]()
        for (name, column) in columns {
            // A column that is not in every file is not understood.
            guard column.fileCount == fileCount, let kind = kinds[name] else { continue }
            let total = column.total
            let low = total.isUnbounded ? nil : total.minimum?.value(of: total.leaf, as: kind)
            let high = total.isUnbounded ? nil : total.maximum?.value(of: total.leaf, as: kind)
            let isBounded = low != nil && high != nil
            known[name] = TableStatistics.Column(
                nullCount: total.nullCount,
                minimum: isBounded ? low : nil,
                maximum: isBounded ? high : nil,
                isWithin: isBounded && total.isInexact,
                distinctAtMost: total.distinctAtMost
            )
        }
        return TableStatistics(rowCount: rows, columns: known)
    }

    /// Whether a column may hold not-a-number that its bounds do not show.
    var mayHideNotANumber: Bool { columns.values.contains { $0.total.mayHoldNotANumber } }

    private mutating func add(_ footer: ParquetFooter) {
        fileCount += 1
        rows += footer.rowCount
        for column in footer.columns where column.leaf.isColumn && kinds[column.leaf.name] != nil {
            guard var known = columns[column.leaf.name] else {
                columns[column.leaf.name] = (column, 1)
                continue
            }
            known.total.add(column)
            known.fileCount += 1
            columns[column.leaf.name] = known
        }
    }
}

extension ParquetFooter.Column {
    /// Adds the same column of another file.
    fileprivate mutating func add(_ other: Self) {
        nullCount = nullCount.flatMap { sum in other.nullCount.map { sum + $0 } }
        distinctAtMost = distinctAtMost.flatMap { sum in other.distinctAtMost.map { sum + $0 } }
        if other.isUnbounded || !leaf.countsLike(other.leaf) { isUnbounded = true }
        if other.isInexact { isInexact = true }
        if other.mayHoldNotANumber { mayHoldNotANumber = true }
        minimum = [minimum, other.minimum].compactMap(\.self).min()
        maximum = [maximum, other.maximum].compactMap(\.self).max()
    }
}
