/// Two windows of one table.
public enum DriftWindow {
    /// Queries for the rows before an instant and from it on.
    ///
    /// Rows without a value in `column` are in neither. The engine reads `split` as a value of the column's type.
    ///
    /// - Parameters:
    ///   - rows: what stands for the table after FROM, quoted where needed.
    ///   - column: the column that tells when a row is of.
    ///   - split: where the second window begins.
    /// - Returns: both queries.
    public static func queries(rows: String, column: String, split: String) -> (before: String, after: String) {
        let name = ScanSQL.name(column)
        let instant = ScanSQL.text(split)
        return (
            "SELECT * FROM \(rows) WHERE \(name) < \(instant)", "SELECT * FROM \(rows) WHERE \(name) >= \(instant)"
        )
    }
}
