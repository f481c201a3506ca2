import MartletCore

/// A column as checks read it.
struct CheckColumn: Hashable, Sendable {
    /// The table's column.
    var column: TableColumn
    /// Its value in SQL: null also where it is not a number, in the semantics of pandas.
    var sql: String
    /// Whether the value is the column as it is, so that what statistics tell of the column holds for it.
    var isPlain: Bool

    var name: String { column.name }
    var kind: TableColumn.Kind { column.kind }
}
