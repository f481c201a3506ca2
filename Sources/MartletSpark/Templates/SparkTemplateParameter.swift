/// Something of a template that its user chooses.
package struct SparkTemplateParameter: Hashable, Sendable {
    /// The name, as in `--set name=value`.
    package var name: String
    /// What values it takes.
    package var kind: Kind
    /// The value when none is given.
    package var defaultValue: String
    /// What it is for.
    package var summary: String

    /// A kind of value.
    ///
    /// A value ends up within quotes of Python and YAML and as a name in SQL. No kind lets anything pass that would
    /// mean more there than itself.
    package enum Kind: Hashable, Sendable {
        /// The name of a column.
        case column
        /// Names of columns, separated by commas.
        case columns
        /// A path or an URL.
        case path
        /// A path, an URL or the name of a table.
        case place
        /// A whole number.
        case integer(ClosedRange<Int>)
        /// A number.
        case number(ClosedRange<Double>)
        /// A whole number and a unit: s, m, h, d or w.
        case duration
        /// `2026-07-01` or `2026-07-01 00:00:00`.
        case timestamp
        /// A name of the time zone database.
        case timezone
        /// One of these.
        case choice([String])
    }
}

extension SparkTemplateParameter.Kind {
    /// What the kind is called, as in "is no duration".
    package var name: String {
        switch self {
        case .column: "column"
        case .columns: "list of columns"
        case .path: "path"
        case .place: "path or table"
        case .integer: "whole number"
        case .number: "number"
        case .duration: "duration"
        case .timestamp: "time"
        case .timezone: "time zone"
        case .choice: "choice"
        }
    }

    /// How a value has to be written.
    package var remedy: String {
        switch self {
        case .column: "letters, digits and _, not a digit first; rename other columns in a view"
        case .columns: "name columns, each once, separated by commas: user_id,device_id"
        case .path, .place: "a path, URL or name without quotes, braces, backslashes and control characters"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .duration: "write a whole number and a unit: 90s, 30m, 36h, 7d or 2w"
        case .timestamp: "write 2026-07-01 or 2026-07-01 00:00:00"
        case .timezone: "write UTC, or a name such as Europe/Berlin"
        case .choice(let choices): "use one of \(choices.joined(separator: ", "))"
        }
    }
}
