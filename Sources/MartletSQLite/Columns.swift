import GRDB
import MartletCore

// How values stand in columns; one row type per table stands in a file of its own.

/// The text as a column holds it.
///
/// SQLite's texts end at U+0000, so that is written as its symbol; the log, being JSON, has it as it was.
func column(_ text: String?) -> String? {
    guard let text, text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }))
}

/// The instant that a column holds, as microseconds.
func instant(_ microseconds: Int64?) -> Timestamp? { microseconds.map(Timestamp.init(microseconds:)) }

/// The case that a column names.
func known<Case: RawRepresentable<String>>(_ name: String) throws -> Case {
    guard let value = Case(rawValue: name) else {
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "\"\(name)\" is not a \(Case.self)"))
    }
    return value
}

/// `?, ?, ?` for so many values.
func placeholders(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

extension Database {
    /// Runs a statement that is prepared once and used again.
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The rows of a query that is prepared once and used again, each made into a value.
    func all<Value>(
        _ sql: String,
        _ arguments: StatementArguments = [],
        _ value: (Row) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        let rows = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() { values.append(try value(row)) }
        return values
    }
}
