/// Makes text safe inside SQL.
enum SQLText {
    /// `name` as a quoted identifier.
    static func identifier(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// `name` as it stands in the name of a type: quoted only where a plain name would not do.
    static func plainIdentifier(_ name: String) -> String {
        let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): index > 0
            default: false
            }
        }
        return isPlain && !name.isEmpty ? name : identifier(name)
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
