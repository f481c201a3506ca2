package import MartletCore

/// Names and texts, quoted so that nothing in them can be taken for SQL.
extension SQLDialect {
    /// `name` as a quoted identifier.
    package func identifier(_ name: String) -> String {
        switch self {
        case .duckdb: "\"" + Self.escaping("\"", in: name, as: "\"\"") + "\""
        case .spark: "`" + Self.escaping("`", in: name, as: "``") + "`"
        }
    }

    /// `text` as a string; NUL, which neither engine takes inside quotes, is put in by its number.
    package func string(_ text: String) -> String {
        // By scalars, since a NUL before a combining mark would hide in one character.
        let parts = text.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false).map { part in
            quoted(String(String.UnicodeScalarView(part)))
        }
        guard parts.count > 1 else { return parts.first ?? "''" }
        return "(" + parts.joined(separator: " || chr(0) || ") + ")"
    }

    private func quoted(_ text: String) -> String {
        switch self {
        case .duckdb: "'" + Self.escaping("'", in: text, as: "''") + "'"
        case .spark: "'" + Self.escaping("'", in: Self.escaping("\\", in: text, as: "\\\\"), as: "\\'") + "'"
        }
    }

    /// By scalars: a quote followed by a combining mark is one character, in which a search would not find the quote.
    private static func escaping(_ quote: Unicode.Scalar, in text: String, as escape: String) -> String {
        guard text.unicodeScalars.contains(quote) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == quote { result.append(contentsOf: escape.unicodeScalars) } else { result.append(scalar) }
        }
        return String(result)
    }
}
