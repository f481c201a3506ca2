/// Makes text safe inside SQL.
enum SQLText {
    /// `name` as a quoted identifier.
    static func identifier(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// `text` as a string.
    static func string(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    /// A list of files as an argument of `read_parquet`, `read_csv` and `read_json`.
    ///
    /// DuckDB takes every path for a pattern, so that `a[1].csv` would read `a1.csv`; each special character is put in
    /// brackets, where it stands for itself.
    static func files(_ paths: [String]) -> String {
        let patterns = paths.map { path in
            string(path.reduce(into: "") { $0 += "*?[".contains($1) ? "[\($1)]" : String($1) })
        }
        return "[" + patterns.joined(separator: ", ") + "]"
    }
}
